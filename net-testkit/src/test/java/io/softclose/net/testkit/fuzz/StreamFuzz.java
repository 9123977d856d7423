/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.net.ProtocolId;
import io.softclose.net.wire.ErrorCode;
import io.softclose.net.wire.MultiplexMessage.StreamFragment;
import io.softclose.net.wire.MultiplexMessage.StreamHeader;
import io.softclose.net.wire.NetworkMessage;
import io.softclose.net.wire.NetworkMessage.DirectSendMsg;
import io.softclose.net.wire.NetworkMessage.PayloadMessage;
import io.softclose.net.wire.NetworkMessage.RpcRequest;
import io.softclose.net.wire.NetworkMessage.RpcResponse;
import io.softclose.net.wire.StreamReader;
import io.softclose.net.wire.WireException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@link StreamReader}, with headers and fragments of any numbers in any order. The input is: both limits, then steps.
 * What each step must answer is decided by {@link StreamModel}.
 */
final class StreamFuzz implements FuzzTarget {
    private static final Integer[] MOST_BYTES = {1, 100, 1000, 70_000};
    private static final int HEADER = 0;
    private static final int FRAGMENT = 1;
    private static final int NEXT = 2;
    private static final int STEPS = 3;

    /** Payload bytes after which an input has said enough. */
    private static final int BUDGET = 1 << 20;

    private static final int BASE = 64 * 1024;
    /** A chunk's place in a list, and its copy into the whole message. */
    private static final int PER_BYTE = 4;
    /** A fragment costs its place in the list, a refused one the error's text. */
    private static final int PER_STEP = 2048;

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public int mutations() {
        return 5_000;
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                limits(2, 254).u8(HEADER, 9, 3, 0).u16(10).u8(NEXT, 3).u16(5).toBytes(),
                limits(2, 254)
                        .u8(HEADER, 9, 255, 1)
                        .u16(10)
                        .u8(NEXT, 255)
                        .u16(1)
                        .toBytes(),
                limits(1, 4).u8(HEADER, 9, 1, 0).u16(50).u8(NEXT, 1).u16(51).toBytes(),
                limits(1, 4).u8(HEADER, 9, 6, 2).u16(0).toBytes(),
                limits(1, 4).u8(HEADER, 9, 2, 2).u16(50).u8(NEXT, 2).u16(50).toBytes(),
                limits(3, 20)
                        .u8(HEADER, 9, 1, 3)
                        .u16(7)
                        .u8(HEADER, 8, 0, 0)
                        .u16(7)
                        .toBytes(),
                limits(3, 20)
                        .u8(HEADER, 9, 2, 0)
                        .u16(1000)
                        .u8(HEADER, 8, 2, 0)
                        .u16(7)
                        .u8(FRAGMENT, 9, 1)
                        .u16(8)
                        .u8(FRAGMENT, 8, 1)
                        .u16(8)
                        .toBytes(),
                limits(2, 20)
                        .u8(HEADER, 1, 2, 0)
                        .u16(3)
                        .u8(FRAGMENT, 1, 0)
                        .u16(3)
                        .u8(HEADER, 1, 2, 0)
                        .u16(3)
                        .u8(FRAGMENT, 1, 2)
                        .u16(3)
                        .toBytes());
    }

    private static FuzzScript limits(int mostBytes, int mostFragments) {
        return new FuzzScript().u8(mostBytes, mostFragments);
    }

    @Override
    public void run(byte[] bytes) {
        FuzzInput input = new FuzzInput(bytes);
        int mostBytes = input.oneOf(MOST_BYTES);
        int mostFragments = 1 + input.u8() % 255;
        Run run = new Run(new StreamReader(mostBytes, mostFragments), new StreamModel(mostBytes, mostFragments));
        while (!input.exhausted() && run.arrived < BUDGET) {
            step(input, run);
        }
        run.allocation.requireAtMost(BASE + (long) PER_STEP * run.steps, PER_BYTE, run.arrived);
    }

    private static void step(FuzzInput input, Run run) {
        int step = input.u8() % STEPS;
        if (step == NEXT) {
            int count = input.u8();
            int size = size(input);
            for (int i = 0; i < count && run.arrived < BUDGET; i++) {
                run.fragment(run.model.requestId(), run.model.nextFragmentId() & 0xff, size);
            }
        } else if (step == HEADER) {
            run.header(input.u8(), input.u8(), input.u8(), size(input));
        } else {
            run.fragment(input.u8(), input.u8(), size(input));
        }
    }

    private static int size(FuzzInput input) {
        return input.u16() & 0x3ff;
    }

    /** One reader, and what it must do. */
    private static final class Run {
        private final StreamReader reader;
        private final StreamModel model;
        private final Allocation allocation = new Allocation();
        private long arrived;
        private long steps;

        Run(StreamReader reader, StreamModel model) {
            this.reader = reader;
            this.model = model;
        }

        void header(long requestId, int fragments, int kind, int size) {
            byte[] chunk = chunk(size);
            NetworkMessage message = message(kind, ByteBuffer.wrap(chunk));
            String expected = model.header(requestId, fragments, message instanceof PayloadMessage ? chunk : null);
            check(expected, () -> reader.header(new StreamHeader(requestId, fragments, message)));
        }

        void fragment(long requestId, int fragmentId, int size) {
            byte[] chunk = chunk(size);
            String expected = model.fragment(requestId, fragmentId, chunk);
            check(expected, () -> reader.fragment(new StreamFragment(requestId, fragmentId, ByteBuffer.wrap(chunk))));
        }

        private byte[] chunk(int size) {
            steps++;
            arrived += size;
            return FuzzInput.filler(size, (int) steps);
        }

        private void check(String expected, Supplier<@Nullable NetworkMessage> action) {
            String[] actual = new String[1];
            NetworkMessage[] whole = new NetworkMessage[1];
            try {
                allocation.of(() -> whole[0] = action.get());
                actual[0] = whole[0] == null ? StreamModel.MORE : StreamModel.whole(payload(whole[0]));
            } catch (WireException refused) {
                actual[0] = StreamModel.REFUSED;
            }
            assertEquals(expected, actual[0], "step " + steps);
            assertEquals(model.unfinished(), reader.unfinished());
            assertEquals(model.size(), reader.bufferedBytes());
        }

        private static ByteBuffer payload(NetworkMessage whole) {
            return ((PayloadMessage) whole).payload();
        }

        private static NetworkMessage message(int kind, ByteBuffer payload) {
            return switch (kind % 4) {
                case 0 -> new DirectSendMsg(ProtocolId.MEMPOOL_DIRECT_SEND, 3, payload);
                case 1 -> new RpcRequest(ProtocolId.MEMPOOL_RPC, 77, 5, payload);
                case 2 -> new RpcResponse(77, 5, payload);
                default -> new NetworkMessage.Error(new ErrorCode.ParsingError(1, 2));
            };
        }
    }
}
