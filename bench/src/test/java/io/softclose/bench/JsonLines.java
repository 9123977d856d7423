/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Lines of JSON as they are printed, for a test to wait for. */
public final class JsonLines {
    /** Only so that a failing test ends. */
    private static final long SAFETY_NET_SECONDS = 60;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final BlockingQueue<JsonNode> lines = new LinkedBlockingQueue<>();

    /** Takes the lines of a reader, until it ends. */
    public static JsonLines of(Reader source) {
        JsonLines jsonLines = new JsonLines();
        Thread thread = new Thread(() -> jsonLines.readAll(source), "json-lines");
        thread.setDaemon(true);
        thread.start();
        return jsonLines;
    }

    /** Where an in-process node prints. */
    public PrintWriter writer() {
        return new PrintWriter(new Writer() {
            private final StringBuilder line = new StringBuilder();

            @Override
            public void write(char[] buffer, int offset, int length) {
                line.append(buffer, offset, length);
            }

            @Override
            public void flush() {
                line.toString().lines().forEach(JsonLines.this::add);
                line.setLength(0);
            }

            @Override
            public void close() {}
        });
    }

    /** The next event of this name; events of other names before it are dropped. */
    public JsonNode await(String event) throws InterruptedException {
        while (true) {
            JsonNode line = lines.poll(SAFETY_NET_SECONDS, TimeUnit.SECONDS);
            assertNotNull(line, "no event \"" + event + "\" came");
            if (line.get("event").textValue().equals(event)) {
                return line;
            }
        }
    }

    private void readAll(Reader source) {
        try (BufferedReader reader = new BufferedReader(source)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String line) {
        lines.add(parse(line));
    }

    /** One line. */
    public static JsonNode parse(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + line, e);
        }
    }
}
