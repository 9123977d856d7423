/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.metrics;

import io.micrometer.core.instrument.Tags;
import io.softclose.net.ConnectionStats;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** The counters that are sums over all connections, those gone included, of what {@link ConnectionStats} has. */
@SuppressWarnings("ImmutableEnumChecker") // tags are immutable, and what is asked has no state
enum Counted {
    RECEIVED_BYTES(
            "softclose.network.io",
            "bytes",
            Tags.of("network.io.direction", "receive"),
            "Bytes of links' streams, both ways; of TLS, what was encrypted",
            stats -> stats.received().bytes()),
    SENT_BYTES(
            RECEIVED_BYTES,
            Tags.of("network.io.direction", "transmit"),
            stats -> stats.sent().bytes()),
    RECEIVED_FRAMES(
            "softclose.network.frames",
            "",
            Tags.of("network.io.direction", "receive"),
            "Whole frames, both ways, after the handshake",
            stats -> stats.received().frames()),
    SENT_FRAMES(
            RECEIVED_FRAMES,
            Tags.of("network.io.direction", "transmit"),
            stats -> stats.sent().frames()),
    BLOCKED(
            "softclose.write.blocked",
            "seconds",
            Tags.empty(),
            "For how long something waited for the operating system to take it, all connections together",
            stats -> stats.blocked().toNanos()),
    MADE_ANSWERED(
            "softclose.requests.made",
            "",
            Tags.of("result", "answered"),
            "Requests of ours, by how their replies completed",
            stats -> stats.requests().made().answered()),
    MADE_NOT_SENT(
            MADE_ANSWERED,
            Tags.of("result", "not_sent"),
            stats -> stats.requests().made().notSent()),
    MADE_UNANSWERED(
            MADE_ANSWERED,
            Tags.of("result", "unanswered"),
            stats -> stats.requests().made().unanswered()),
    MADE_TIMED_OUT(
            MADE_ANSWERED,
            Tags.of("result", "timed_out"),
            stats -> stats.requests().made().timedOut()),
    MADE_NOT_SUPPORTED(
            MADE_ANSWERED,
            Tags.of("result", "not_supported"),
            stats -> stats.requests().made().notSupported()),
    MADE_CANCELLED(
            MADE_ANSWERED,
            Tags.of("result", "cancelled"),
            stats -> stats.requests().made().cancelled()),
    IGNORED_ANSWERS(
            "softclose.requests.answers.ignored",
            "",
            Tags.empty(),
            "Answers that came to none of our requests in flight",
            stats -> stats.requests().made().ignoredAnswers()),
    RECEIVED_ANSWERED(
            "softclose.requests.received",
            "",
            Tags.of("result", "answered"),
            "Requests of peers, by what became of them",
            stats -> stats.requests().received().answered()),
    RECEIVED_TIMED_OUT(
            RECEIVED_ANSWERED,
            Tags.of("result", "timed_out"),
            stats -> stats.requests().received().timedOut()),
    RECEIVED_FAILED(
            RECEIVED_ANSWERED,
            Tags.of("result", "failed"),
            stats -> stats.requests().received().failed()),
    RECEIVED_CUT_OFF(
            RECEIVED_ANSWERED,
            Tags.of("result", "cut_off"),
            stats -> stats.requests().received().cutOff()),
    RECEIVED_TURNED_AWAY(
            RECEIVED_ANSWERED,
            Tags.of("result", "turned_away"),
            stats -> stats.requests().received().turnedAway()),
    PROBES_MADE(
            "softclose.probes",
            "",
            Tags.of("kind", "made"),
            "Requests and answers that went before all lanes, such as health checks",
            stats -> stats.probes().made()),
    PROBES_ANSWERED(
            PROBES_MADE, Tags.of("kind", "answered"), stats -> stats.probes().answered()),
    PROBES_GIVEN(PROBES_MADE, Tags.of("kind", "given"), stats -> stats.probes().given());

    final String meter;
    /** Empty for what is counted by the piece. */
    final String unit;

    final Tags tags;
    final String description;
    private final ToLongFunction<ConnectionStats> of;

    Counted(String meter, String unit, Tags tags, String description, ToLongFunction<ConnectionStats> of) {
        this.meter = meter;
        this.unit = unit;
        this.tags = tags;
        this.description = description;
        this.of = of;
    }

    /** The same meter with other tags. */
    Counted(Counted same, Tags tags, ToLongFunction<ConnectionStats> of) {
        this(same.meter, same.unit, tags, same.description, of);
    }

    /** Of one connection; times are in nanoseconds. */
    long of(ConnectionStats stats) {
        return of.applyAsLong(stats);
    }

    /** What the meter shows for a sum. */
    double shown(long sum) {
        return this == BLOCKED ? (double) sum / TimeUnit.SECONDS.toNanos(1) : sum;
    }
}
