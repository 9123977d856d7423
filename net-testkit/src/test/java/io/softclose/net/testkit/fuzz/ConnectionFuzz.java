/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import static io.softclose.net.testkit.fuzz.HostileAction.*;

import io.softclose.net.Limits;
import io.softclose.net.testkit.sim.SimSockets;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A whole connection whose peer does what the input says: bytes and timing are its choice. The input is: flags, chance for
 * the network, then {@link HostileAction}s. {@link HostileScene} says what must be.
 */
final class ConnectionFuzz implements FuzzTarget {
    private static final int MOST_ACTIONS = 48;

    @Override
    public String name() {
        return "connection";
    }

    @Override
    public int mutations() {
        return 1_000;
    }

    @Override
    public void run(byte[] bytes) throws IOException {
        FuzzInput input = new FuzzInput(bytes);
        int flags = input.u8();
        SimSockets sockets = SimSockets.linux();
        if (FuzzInput.bit(flags, 1)) {
            sockets = sockets.withTransfers(512, 0.5);
        }
        if (FuzzInput.bit(flags, 2)) {
            sockets = sockets.flushingLater(Duration.ofNanos(50_000));
        }
        Limits.Builder limits =
                Limits.builder().maxFragments(7).outboxMessages(64).handshakeTimeout(FuzzedNode.HANDSHAKE_TIMEOUT);
        if (FuzzInput.bit(flags, 3)) {
            limits.maxFrameSize(512).maxMessageSize(2048);
        }
        HostileScene scene = new HostileScene(input.u8(), FuzzInput.bit(flags, 0), sockets, limits.build());
        for (int i = 0; i < MOST_ACTIONS && !input.exhausted() && !scene.exhausted(); i++) {
            HostileAction.of(input).happen(input, scene);
            scene.exchange();
        }
        scene.verify();
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                open(0).u8(at(DIRECT_SEND), 1).u16(100).u8(at(FIN)).toBytes(),
                open(1).u8(at(NODE_SENDS), 20)
                        .u16(200)
                        .u8(at(DIRECT_SEND), 1)
                        .u16(400)
                        .u8(at(NODE_CLOSES), 200)
                        .toBytes(),
                open(8).u8(at(STREAM_HEADER), 7, 3, 100, at(FRAGMENTS), 7, 3, 90, at(CLOSE))
                        .toBytes(),
                open(8).u8(at(STREAM_HEADER), 7, 3, 100, at(FRAGMENT), 7, 2, 5, at(FRAGMENT), 7, 1, 5)
                        .toBytes(),
                open(6).u8(at(NODE_SENDS), 5)
                        .u16(8000)
                        .u8(at(STOP_READING), at(NODE_CLOSES), 250, at(WAIT), 50)
                        .toBytes(),
                open(9).u8(at(NODE_SENDS), 3).u16(1900).u8(at(READ_ON), at(CUT)).toBytes(),
                open(0).u8(at(UNSUPPORTED), 1, 0, 0, 0, at(REQUEST), 5, 0, 0, 0, at(RESPONSE), 5, 0, 0, 0)
                        .toBytes(),
                open(0).u8(at(STOP_READING), at(FRAME), 1, 9, at(REPEAT), 255, at(REPEAT), 255, at(REPEAT), 255)
                        .toBytes(),
                open(2).u8(at(SEGMENTS), 0, at(FRAME), 5, 0, 3, 1, 0, 0x80, at(DIRECT_SEND), 0)
                        .u16(40)
                        .toBytes(),
                open(0).u8(at(LENGTH))
                        .i32(4 << 20)
                        .u8(at(RAW), 3, 1, 2, 3, at(FIN))
                        .toBytes(),
                open(0).u8(at(LENGTH))
                        .i32(-1)
                        .u8(at(RAW), 3, 1, 2, 3, at(RESET))
                        .toBytes(),
                open(0).u8(at(ERROR), 1, 2, at(WRONG_LENGTH), 10, 1, at(DIRECT_SEND), 0)
                        .u16(3)
                        .toBytes(),
                open(3).u8(at(NODE_STOPS_READING), at(DIRECT_SEND), 0)
                        .u16(900)
                        .u8(at(NODE_READS_ON), at(NODE_ABORTS))
                        .toBytes(),
                open(4).u8(at(VANISH), at(NODE_SENDS), 90)
                        .u16(100)
                        .u8(at(NODE_CLOSES), 255, at(WAIT), 100)
                        .toBytes(),
                open(0).u8(at(FRAME), 0, at(FRAME), 1, 7, at(FRAME), 2, 0, 4, at(FIN))
                        .toBytes(),
                open(0).u8(at(STOP_READING), at(NODE_SENDS), 60)
                        .u16(90)
                        .u8(at(NODE_CLOSES), 255, at(LENGTH))
                        .i32(-1)
                        .toBytes(),
                start(0).u8(at(DAMAGED_HANDSHAKE), 5, 9).toBytes(),
                start(1).u8(at(DAMAGED_HANDSHAKE), 1, 9, at(WAIT), 255).toBytes(),
                start(1).u8(at(RAW), 1, 0, at(WAIT), 100, at(RESET)).toBytes(),
                start(0).u8(at(FIN), at(WAIT), 10).toBytes());
    }

    private static FuzzScript start(int flags) {
        return new FuzzScript().u8(flags, 1);
    }

    private static FuzzScript open(int flags) {
        return start(flags).u8(at(HANDSHAKE));
    }

    private static int at(HostileAction action) {
        return action.number();
    }
}
