/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.ConnectionStats.Waiting;
import io.softclose.net.Outcome;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The meters of one network in one registry. Thread-safe. */
final class Meters {
    /** How a message ends that has waited for a connection in vain. */
    private static final List<Outcome> RETURNED = List.of(Outcome.UNSENT, Outcome.EXPIRED);

    /** Of what is counted by the piece: a unit would only lengthen its name. */
    private static final String NO_UNIT = "";

    private final MeterRegistry registry;
    private final NetworkMetrics network;
    private final Tags tags;
    private final Map<CloseEnding, Timer> closes = new EnumMap<>(CloseEnding.class);
    private final Queue<Meter> registered = new ConcurrentLinkedQueue<>();

    // Guarded by this.
    private final Set<String> lanes = new HashSet<>();
    private final Set<Told.Series> series = new HashSet<>();

    /** Registers all that do not depend on what will come. */
    Meters(MeterRegistry registry, NetworkMetrics network, Tags tags) {
        this.registry = registry;
        this.network = network;
        this.tags = tags;
        for (Counted counted : Counted.values()) {
            counter(counted.meter, counted.unit, counted.description, counted.tags, look -> look.of(counted));
        }
        for (Gauged gauge : Gauged.values()) {
            if (gauge.isTime()) {
                registered.add(TimeGauge.builder(
                                gauge.meter,
                                network,
                                TimeUnit.NANOSECONDS,
                                all -> all.look().of(gauge))
                        .description(gauge.description)
                        .tags(tags.and(gauge.tags))
                        .register(registry));
            } else {
                gauge(gauge.meter, NO_UNIT, gauge.description, gauge.tags, look -> look.of(gauge));
            }
        }
        for (CloseEnding ending : CloseEnding.values()) {
            Timer timer = Timer.builder("softclose.connection.close")
                    .description(
                            "How long a close took, from the call that closed the connection, or what else ended it")
                    .tags(tags.and("ending", Told.tag(ending)))
                    .register(registry);
            closes.put(ending, timer);
            registered.add(timer);
        }
        Told.known().forEach(this::see);
    }

    boolean areIn(MeterRegistry other) {
        return registry == other;
    }

    void closed(CloseReport report) {
        Timer timer = closes.get(report.ending());
        if (timer != null) {
            timer.record(report.duration());
        }
    }

    /** Registers what is counted so, unless that has been done. */
    synchronized void see(Told.Series one) {
        if (series.add(one)) {
            Told told = one.told();
            registered.add(FunctionCounter.builder(told.meter, network, all -> all.told(one))
                    .description(told.description)
                    .tags(tags.and(one.tags()))
                    .register(registry));
        }
    }

    /** Registers the meters of a lane, unless that has been done. */
    synchronized void see(String lane) {
        if (!lanes.add(lane)) {
            return;
        }
        Tags here = Tags.of("lane", lane);
        counter(
                "softclose.messages.accepted",
                NO_UNIT,
                "Messages that connections have accepted",
                here,
                look -> look.accepted(lane));
        for (Outcome outcome : Outcome.values()) {
            counter(
                    "softclose.messages.ended",
                    NO_UNIT,
                    "Accepted messages of connections, by what became of them",
                    here.and("outcome", Told.tag(outcome)),
                    look -> look.ended(lane, outcome));
        }
        RETURNED.forEach(outcome -> see(Told.returned(lane, outcome)));
        waiting(
                "softclose.messages.waiting",
                "of connections, without an outcome yet",
                lane,
                look -> look.withConnections(lane));
        waiting(
                "softclose.peers.messages.waiting",
                "to peers, waiting for a connection",
                lane,
                look -> look.forConnections(lane));
    }

    private void waiting(String meter, String which, String lane, Function<Look, Waiting> waiting) {
        Tags here = Tags.of("lane", lane);
        gauge(
                meter,
                NO_UNIT,
                "Messages " + which,
                here,
                look -> waiting.apply(look).messages());
        gauge(
                meter + ".size",
                "bytes",
                "Payload bytes of messages " + which,
                here,
                look -> waiting.apply(look).bytes());
    }

    private void counter(String meter, String unit, String description, Tags own, ToDoubleFunction<Look> value) {
        registered.add(FunctionCounter.builder(meter, network, all -> value.applyAsDouble(all.look()))
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .tags(tags.and(own))
                .register(registry));
    }

    private void gauge(String meter, String unit, String description, Tags own, ToDoubleFunction<Look> value) {
        registered.add(Gauge.builder(meter, network, all -> value.applyAsDouble(all.look()))
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .tags(tags.and(own))
                .register(registry));
    }

    /** Takes them out of the registry. */
    void remove() {
        for (Meter one = registered.poll(); one != null; one = registered.poll()) {
            registry.remove(one);
        }
    }
}
