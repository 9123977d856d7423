/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads what an AptosNet node sends: its handshake, then frames. Takes bytes in pieces of any size. Shares no code with
 * the framework's codec. Bytes that are no AptosNet are an {@link AssertionError}. Not thread-safe.
 */
public final class WireParser {
    /** More than any test sends in one frame: a longer one is a broken length. */
    private static final int MAX_FRAME_SIZE = 1 << 26;

    private final List<WireFrame> frames = new ArrayList<>();
    private Optional<Handshake> handshake = Optional.empty();
    private ByteBuffer unread = ByteBuffer.allocate(0);

    /**
     * What a node says of itself first.
     *
     * @param protocols the numbers of the protocols it supports
     * @param networkId 0 validator, 1 public, 2 private, 3 vfn, 4 new_public
     * @param networkName the name of a private network, empty for others
     */
    public record Handshake(Set<Integer> protocols, int chainId, int networkId, String networkName) {
        /** Copies the set. */
        public Handshake {
            protocols = Set.copyOf(protocols);
        }
    }

    /** A parser that expects a handshake first. */
    public WireParser() {}

    /** Reads on; what is incomplete is kept. */
    public void feed(byte[] bytes) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(unread.array(), unread.position(), unread.remaining());
        all.writeBytes(bytes);
        unread = ByteBuffer.wrap(all.toByteArray());
        if (handshake.isEmpty() && isComplete(Short.BYTES)) {
            handshake = Optional.of(readHandshake(part(unread, Short.toUnsignedInt(unread.getShort()))));
        }
        while (handshake.isPresent() && isComplete(Integer.BYTES)) {
            frames.add(readFrame(part(unread, unread.getInt())));
        }
    }

    /** The node's handshake, once it is complete. */
    public Optional<Handshake> handshake() {
        return handshake;
    }

    /** The complete frames since this was last asked, in order. */
    public List<WireFrame> takeFrames() {
        List<WireFrame> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }

    /** How many bytes of something incomplete are kept. */
    public int incompleteBytes() {
        return unread.remaining();
    }

    /** Whether a length of this many bytes, and what it announces, are there. */
    private boolean isComplete(int lengthBytes) {
        if (unread.remaining() < lengthBytes) {
            return false;
        }
        int length = lengthBytes == Short.BYTES
                ? Short.toUnsignedInt(unread.getShort(unread.position()))
                : unread.getInt(unread.position());
        if (length < 0 || length > MAX_FRAME_SIZE) {
            throw new AssertionError("frame length: " + length + " (expected: 0 to " + MAX_FRAME_SIZE + ")");
        }
        return unread.remaining() - lengthBytes >= length;
    }

    private static Handshake readHandshake(ByteBuffer in) {
        require("handshake versions", u8(in), 1);
        require("handshake version", u8(in), 0);
        ByteBuffer bits = bytes(in);
        Set<Integer> protocols = new TreeSet<>();
        for (int i = 0; i < bits.remaining() * 8; i++) {
            if ((bits.get(i / 8) & (0x80 >> (i % 8))) != 0) {
                protocols.add(i);
            }
        }
        int chainId = u8(in);
        int networkId = u8(in);
        String name = networkId == 2 ? StandardCharsets.UTF_8.decode(bytes(in)).toString() : "";
        requireEnd(in);
        return new Handshake(protocols, chainId, networkId, name);
    }

    private static WireFrame readFrame(ByteBuffer in) {
        WireFrame frame = variant(in, 1) == 0 ? readMessage(in) : readStream(in);
        requireEnd(in);
        return frame;
    }

    private static WireFrame readMessage(ByteBuffer in) {
        return switch (variant(in, 3)) {
            case 0 -> readError(in);
            case 1 -> new WireFrame.RpcRequest(u8(in), u32(in), u8(in), bytes(in));
            case 2 -> new WireFrame.RpcResponse(u32(in), u8(in), bytes(in));
            default -> new WireFrame.DirectSend(u8(in), u8(in), bytes(in));
        };
    }

    private static WireFrame readError(ByteBuffer in) {
        if (variant(in, 1) == 0) {
            return new WireFrame.ParsingError(u8(in), u8(in));
        }
        return variant(in, 1) == 0
                ? new WireFrame.RpcNotSupported(u8(in))
                : new WireFrame.DirectSendNotSupported(u8(in));
    }

    private static WireFrame readStream(ByteBuffer in) {
        return variant(in, 1) == 0
                ? new WireFrame.StreamHeader(u32(in), u8(in), readMessage(in))
                : new WireFrame.StreamFragment(u32(in), u8(in), bytes(in));
    }

    private static int variant(ByteBuffer in, int last) {
        int variant = u8(in);
        if (variant > last) {
            throw new AssertionError("variant: " + variant + " (expected: 0 to " + last + ")");
        }
        return variant;
    }

    private static int u8(ByteBuffer in) {
        return Byte.toUnsignedInt(part(in, 1).get());
    }

    private static int u32(ByteBuffer in) {
        return part(in, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    private static ByteBuffer bytes(ByteBuffer in) {
        int count = 0;
        int group = 0x80;
        for (int shift = 0; (group & 0x80) != 0; shift += 7) {
            group = u8(in);
            count |= (group & 0x7f) << shift;
        }
        return part(in, count).asReadOnlyBuffer();
    }

    /** The next bytes of a buffer, as a buffer of their own. */
    private static ByteBuffer part(ByteBuffer in, int count) {
        if (count < 0 || count > in.remaining()) {
            throw new AssertionError("bytes: " + in.remaining() + " left (expected: " + count + ")");
        }
        ByteBuffer part = in.slice(in.position(), count);
        in.position(in.position() + count);
        return part;
    }

    private static void requireEnd(ByteBuffer in) {
        require("bytes after the value", in.remaining(), 0);
    }

    private static void require(String what, int actual, int expected) {
        if (actual != expected) {
            throw new AssertionError(what + ": " + actual + " (expected: " + expected + ")");
        }
    }
}
