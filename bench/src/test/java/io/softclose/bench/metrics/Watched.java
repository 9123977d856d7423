/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.jfr.FlightRecorderEvents;
import io.softclose.net.metrics.NetworkMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Everything that an operator sees of one network: its log, metrics and recording. */
final class Watched extends Handler {
    private static final Logger LOGGER = Logger.getLogger("io.softclose.net");

    private final List<String> lines = new ArrayList<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final NetworkMetrics metrics = new NetworkMetrics(List.of(), Duration.ZERO);
    private final FlightRecorderEvents recorder = new FlightRecorderEvents();
    private final Recording recording = new Recording();

    /** Begins to watch. */
    Watched() {
        setLevel(Level.ALL);
        LOGGER.setLevel(Level.FINE);
        LOGGER.addHandler(this);
        LOGGER.setUseParentHandlers(false);
        metrics.bindTo(registry);
        recording.start();
    }

    /** Observes this network, which leaves the log its lines. */
    NetworkBuilder in(NetworkBuilder builder) {
        return builder.addEvents(metrics).addEvents(recorder);
    }

    /** The log has a line of this level with all of these words. */
    void hasLine(Level level, String... words) {
        Predicate<String> fits = line -> line.startsWith(level + ": ");
        for (String word : words) {
            fits = fits.and(line -> line.contains(word));
        }
        assertTrue(lines.stream().anyMatch(fits), () -> String.join("\n", lines));
    }

    /** A counter has come to this. */
    void hasCounted(double expected, String name, String... tags) {
        FunctionCounter counter = registry.get(name).tags(tags).functionCounter();
        assertEquals(expected, counter.count(), name);
    }

    /** The recording has just one event of this name that fits. */
    void hasRecorded(String name, Predicate<RecordedEvent> fits) throws IOException {
        Path file = Files.createTempFile("watched", ".jfr");
        try {
            recording.dump(file);
            List<RecordedEvent> found = RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals("io.softclose." + name))
                    .toList();
            assertEquals(1, found.stream().filter(fits).count(), found::toString);
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public void publish(LogRecord line) {
        Object[] parameters = line.getParameters();
        lines.add(line.getLevel() + ": "
                + (parameters == null || parameters.length == 0
                        ? line.getMessage()
                        : MessageFormat.format(line.getMessage(), parameters)));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
        LOGGER.setUseParentHandlers(true);
        LOGGER.setLevel(null);
        recorder.close();
        recording.close();
        metrics.close();
    }
}
