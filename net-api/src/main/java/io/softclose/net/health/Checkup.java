/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.health;

import io.softclose.net.ConnectionStats;
import io.softclose.net.spi.Scheduler.Timer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one connection's health, and what follows from it. Times are on the scheduler's clock. Confined to the checker's
 * tasks, but for {@link #pinged}.
 */
final class Checkup {
    private final HealthSettings settings;

    // Shared.
    /** When the peer last asked. Written by the connection's loop. */
    private volatile long pingedAt;

    // Confined to the checker's tasks.
    private int failures;
    /** When the last question was asked that the peer answered well. */
    private long answeredQuestionAt;
    /** When the peer last showed that it takes what it is sent, or nothing was asked of it. */
    private long tookAt;
    /** When the connection last handed nothing on, which is no fault of the peer's. */
    private long restedAt;
    /** Whether the last look already found that nothing is taken: of two looks the second tells. */
    private boolean seemsStuck;
    /** Set while the answer to a patient question is in time. */
    private @Nullable Timer inTime;
    /** Whether a patient question has not been answered, and is late. */
    private boolean late;

    /** Of a connection that is healthy so far. */
    Checkup(HealthSettings settings, long now) {
        this.settings = settings;
        tookAt = now;
        // Before whatever is asked from now on.
        pingedAt = now - 1;
        answeredQuestionAt = now - 1;
        restedAt = now - 1;
    }

    /** The peer has asked: it is alive. Any thread. */
    void pinged(long now) {
        pingedAt = now;
    }

    /** The peer has answered well what was asked at this time. */
    void answered(long askedAt, long now) {
        failures = 0;
        took(now);
        if (askedAt - answeredQuestionAt > 0) {
            answeredQuestionAt = askedAt;
        }
    }

    /** Whether the next question is to be a patient one: none is on its way, and late answers tell something. */
    boolean wantsPatience() {
        return inTime == null && !late && settings.progressTimeout().compareTo(settings.timeout()) > 0;
    }

    /** A patient question is asked. */
    void patientUntil(Timer timer) {
        inTime = timer;
    }

    /** The answer to a patient question is late. */
    void patienceNeeded() {
        inTime = null;
        late = true;
    }

    /** The patient question has been answered, or will not be; whether that was late. */
    boolean patienceOver() {
        boolean wasLate = late;
        end();
        late = false;
        return wasLate;
    }

    /** Waits for no time any more. */
    void end() {
        if (inTime != null) {
            inTime.cancel();
            inTime = null;
        }
    }

    /** The peer has answered well, be it late: it takes what it is sent. */
    void took(long now) {
        tookAt = now;
        seemsStuck = false;
    }

    /**
     * The peer has not answered what was asked at this time.
     *
     * @return why it is given up, if it is
     */
    Optional<String> unanswered(long askedAt, long now, ConnectionStats stats) {
        if (askedAt - answeredQuestionAt <= 0) {
            // A later question was answered since.
            return Optional.empty();
        }
        look(stats, now);
        boolean excused = restedAt - askedAt >= 0
                || pingedAt - askedAt >= 0
                || (settings.trafficCounts()
                        && (isYounger(stats.lastHeard(), now - askedAt)
                                || isYounger(stats.lastProgress(), now - askedAt)));
        if (excused) {
            failures = 0;
            return Optional.empty();
        }
        return failed("no answer within " + settings.timeout().toMillis() + " ms");
    }

    /**
     * What came from the peer is no good answer.
     *
     * @return why it is given up, if it is
     */
    Optional<String> failed(String how) {
        failures++;
        return failures > settings.toleratedFailures()
                ? Optional.of(failures + " failures in a row (expected: at most " + settings.toleratedFailures()
                        + "), the last: " + how)
                : Optional.empty();
    }

    /**
     * Looks whether the peer takes anything.
     *
     * @param asks whether it is asked, and so something always waits for it
     * @return why it is given up, if it is
     */
    Optional<String> stuck(ConnectionStats stats, boolean asks, long now) {
        look(stats, now);
        if (!asks && stats.stalled().isZero()) {
            tookAt = now;
        }
        Duration nothingFor = Duration.ofNanos(Math.min(now - tookAt, now - restedAt));
        boolean tooLong = !settings.progressTimeout().isZero() && nothingFor.compareTo(settings.progressTimeout()) >= 0;
        boolean again = seemsStuck;
        seemsStuck = tooLong;
        return tooLong && again
                ? Optional.of("the peer has taken nothing for " + nothingFor.toMillis()
                        + " ms, neither answers nor what waits for it" + " (expected: less than "
                        + settings.progressTimeout().toMillis() + " ms)")
                : Optional.empty();
    }

    private void look(ConnectionStats stats, long now) {
        if (!stats.reading()) {
            restedAt = now;
        }
        long progressAt = now - stats.lastProgress().toNanos();
        if (progressAt - tookAt > 0) {
            tookAt = progressAt;
        }
    }

    private static boolean isYounger(Duration age, long nanos) {
        return age.toNanos() < nanos;
    }
}
