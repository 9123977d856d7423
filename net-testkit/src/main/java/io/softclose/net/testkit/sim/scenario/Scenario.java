/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.scenario;

import io.softclose.net.Limits;
import io.softclose.net.testkit.sim.SimConditions;
import io.softclose.net.testkit.sim.SimSockets;
import io.softclose.net.testkit.sim.SimSockets.UnreadAfterReset;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What one run is like, by chance: calm or not, small buffers or large ones, near or far.
 *
 * @param hosts how many nodes there are, the first of which everybody dials
 * @param connections how many connections are dialled
 * @param faults how many things go wrong
 * @param activity how long the nodes are busy before all of them are shut down
 * @param frameSize the longest frame, for all of them
 * @param hardships what makes it hard from the start on
 */
public record Scenario(
        int hosts, int connections, int faults, Duration activity, int frameSize, Set<Hardship> hardships) {
    private static final Duration LONGER_THAN_A_RUN = Duration.ofDays(365);
    private static final int[] BUFFERS = {512, 2_048, 16_384, 65_536, 262_144};
    private static final int[] SEGMENTS = {100, 1_448, 9_000, 65_536};
    private static final int[] FRAMES = {128, 512, 4_096, 65_536};
    private static final int[] LARGE_BUFFERS = {1 << 20, 4 << 20};
    private static final int[] LARGE_SEGMENTS = {9_000, 65_536};
    private static final int[] UNSENT = {0, 1, 512, 16 * 1024};
    private static final int[] INBOUND = {50, 100, 300};
    private static final int[] LANES = {2, 8, 64, 1_024};

    public static Scenario random(SplittableRandom random) {
        boolean calm = random.nextInt(100) < 40;
        Set<Hardship> hardships = Hardship.some(random);
        boolean slow = hardships.contains(Hardship.SLOW_PATH);
        boolean crowd = hardships.contains(Hardship.CROWD);
        return new Scenario(
                2 + random.nextInt(2),
                crowd ? 60 + random.nextInt(140) : 1 + random.nextInt(3),
                calm ? 0 : 1 + random.nextInt(4),
                Duration.ofMillis(50 + random.nextInt(slow ? 20_000 : 1_000)),
                slow ? 65_536 : one(FRAMES, random),
                hardships);
    }

    public boolean has(Hardship hardship) {
        return hardships.contains(hardship);
    }

    public SimConditions conditions(SplittableRandom random) {
        boolean slow = has(Hardship.SLOW_PATH);
        long rate = slow
                ? 100_000 + random.nextLong(900_000)
                : random.nextInt(3) == 0 ? 50_000 + random.nextLong(5_000_000) : Long.MAX_VALUE;
        return new SimConditions(
                Duration.ofNanos(random.nextLong(random.nextBoolean() ? 100_000 : 50_000_000)),
                Duration.ofNanos(random.nextBoolean() ? 0 : random.nextLong(5_000_000)),
                rate,
                one(slow ? LARGE_SEGMENTS : SEGMENTS, random));
    }

    public SimSockets sockets(SplittableRandom random) {
        boolean slow = has(Hardship.SLOW_PATH);
        SimSockets sockets = SimSockets.linux()
                .withBuffers(one(slow ? LARGE_BUFFERS : BUFFERS, random), slow ? 128 * 1024 : one(BUFFERS, random))
                .withTransfers(50 + random.nextInt(65_536), random.nextBoolean() ? 0 : random.nextDouble());
        if (slow) {
            sockets = sockets.withTransfers(65_536, 0);
        }
        if (random.nextInt(4) == 0) {
            sockets = sockets.flushingLater(Duration.ofNanos(random.nextLong(5_000_000)));
        }
        return random.nextInt(4) == 0 ? sockets.withUnreadAfterReset(UnreadAfterReset.DESTROYED) : sockets;
    }

    /** Bounds of one node; what may be on the wire is the same for all. */
    public Limits.Builder limits(SplittableRandom random) {
        boolean rationed = has(Hardship.RATIONED);
        return Limits.builder()
                .inboundMessagesPerSecond(rationed ? 20 + random.nextInt(1_000) : 0)
                .inboundBytesPerSecond(rationed && random.nextBoolean() ? 50_000 + random.nextInt(1_000_000) : 0)
                .maxFrameSize(frameSize)
                .maxMessageSize(64 * frameSize)
                .outboxMessages(one(LANES, random))
                .outboxBytes(random.nextBoolean() ? 64L * frameSize : 1L << 24)
                .maxInboundConnections(has(Hardship.CROWD) ? one(INBOUND, random) : 100)
                .dialTimeout(Duration.ofMillis(200 + random.nextInt(2_000)))
                .handshakeTimeout(Duration.ofMillis(200 + random.nextInt(2_000)))
                .writeTimeout(Duration.ofMillis(random.nextInt(5) == 0 ? 20 + random.nextInt(2_000) : 0))
                .messageTimeout(Duration.ofMillis(random.nextInt(5) == 0 ? 20 + random.nextInt(2_000) : 30_000))
                .pausedGrace(Duration.ofMillis(1 + random.nextInt(1_000)))
                .keepWritten(LONGER_THAN_A_RUN)
                .fragmentSize(frameSize / (1 << random.nextInt(4)) + Limits.FRAME_OVERHEAD)
                .unsentBytes(one(UNSENT, random));
    }

    private static int one(int[] of, SplittableRandom random) {
        return of[random.nextInt(of.length)];
    }
}
