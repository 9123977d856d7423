/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import io.softclose.net.Connection.Reading;
import io.softclose.net.testkit.wire.WireBytes;
import java.time.Duration;
import java.util.List;

/**
 * What an input can have a hostile peer do, and the node towards it. Each reads what it needs from the input. New ones go
 * to the end: inputs that were kept choose by place.
 */
enum HostileAction {
    HANDSHAKE,
    /** A handshake with one byte replaced. */
    DAMAGED_HANDSHAKE,
    /** Bytes outside any frame. */
    RAW,
    /** Any content in a frame of the right length. */
    FRAME,
    /** A frame's length alone: what follows is taken for its content. */
    LENGTH,
    DIRECT_SEND,
    /** A direct-send message in a frame whose length is a little wrong. */
    WRONG_LENGTH,
    UNSUPPORTED,
    REQUEST,
    RESPONSE,
    ERROR,
    STREAM_HEADER,
    FRAGMENT,
    /** Fragments in order, as they would follow the last header. */
    FRAGMENTS,
    /** What was sent last, many times. */
    REPEAT,
    /** The size of the segments in which everything travels from now on. */
    SEGMENTS,
    WAIT,
    FIN,
    RESET,
    CLOSE,
    STOP_READING,
    READ_ON,
    /** Nothing it sends arrives any more, not even its end. */
    VANISH,
    CUT,
    NODE_SENDS,
    NODE_CLOSES,
    NODE_ABORTS,
    NODE_STOPS_READING,
    NODE_READS_ON;

    private static final List<HostileAction> ALL = List.of(values());
    private static final int PROTOCOL = FuzzedNode.PROTOCOL.id();
    private static final int REQUESTS = 9;

    static HostileAction of(FuzzInput input) {
        return ALL.get(input.u8() % ALL.size());
    }

    /** The byte that chooses it. */
    int number() {
        return ALL.indexOf(this);
    }

    void happen(FuzzInput input, HostileScene scene) {
        switch (this) {
            case HANDSHAKE,
                    DAMAGED_HANDSHAKE,
                    RAW,
                    FRAME,
                    LENGTH,
                    DIRECT_SEND,
                    WRONG_LENGTH,
                    UNSUPPORTED,
                    REQUEST,
                    RESPONSE,
                    ERROR,
                    STREAM_HEADER,
                    FRAGMENT -> scene.send(bytes(input));
            case FRAGMENTS -> {
                int id = input.u8();
                int count = input.u8() % 16;
                int size = input.u8();
                for (int fragment = 1; fragment <= count; fragment++) {
                    scene.send(WireBytes.fragment(id, fragment, new byte[size]));
                }
            }
            case REPEAT -> scene.sendAgain(input.u8());
            case SEGMENTS -> scene.segments(1 + input.u8());
            case WAIT -> scene.runFor(Duration.ofMillis(10L * input.u8()));
            case FIN -> scene.peer(HostilePeer::end);
            case RESET -> scene.peer(HostilePeer::reset);
            case CLOSE -> scene.peer(HostilePeer::close);
            case STOP_READING -> scene.peer(HostilePeer::pause);
            case READ_ON -> scene.peer(HostilePeer::resume);
            case VANISH -> scene.vanish();
            case CUT -> scene.cut();
            case NODE_SENDS -> scene.nodeSends(1 + input.u8() % 100, input.u16() % 9000);
            case NODE_CLOSES -> scene.nodeCloses(Duration.ofMillis(input.u8()));
            case NODE_ABORTS -> scene.node(connection -> connection.abort());
            case NODE_STOPS_READING -> scene.node(connection -> connection.reading(Reading.PAUSED));
            case NODE_READS_ON -> scene.node(connection -> connection.reading(Reading.RESUMED));
        }
    }

    private byte[] bytes(FuzzInput input) {
        return switch (this) {
            case HANDSHAKE -> WireBytes.handshake(4, 0, PROTOCOL);
            case DAMAGED_HANDSHAKE -> {
                byte[] handshake = WireBytes.handshake(4, 0, PROTOCOL);
                handshake[input.u8() % handshake.length] = (byte) input.u8();
                yield handshake;
            }
            case RAW -> input.bytes(input.u8());
            case FRAME -> WireBytes.frame(input.bytes(input.u8()));
            case LENGTH -> WireBytes.frameLength(input.i32());
            case DIRECT_SEND -> WireBytes.directSend(PROTOCOL, input.u8(), FuzzInput.filler(input.u16() % 1100, 0));
            case WRONG_LENGTH -> {
                byte[] frame = WireBytes.directSend(PROTOCOL, 0, FuzzInput.filler(input.u8() % 100, 0));
                frame[Integer.BYTES - 1] += (byte) input.u8();
                yield frame;
            }
            case UNSUPPORTED -> WireBytes.directSend(input.u8(), 0, input.bytes(3));
            case REQUEST -> WireBytes.rpcRequest(REQUESTS, input.u8(), 0, input.bytes(3));
            case RESPONSE -> WireBytes.rpcResponse(input.u8(), 0, input.bytes(3));
            case ERROR -> WireBytes.parsingError(input.u8(), input.u8());
            case STREAM_HEADER ->
                WireBytes.directSendHeader(input.u8(), input.u8(), PROTOCOL, 0, FuzzInput.filler(input.u8(), 0));
            case FRAGMENT -> WireBytes.fragment(input.u8(), input.u8(), FuzzInput.filler(input.u8(), 0));
            default -> throw new IllegalStateException(this + " sends nothing");
        };
    }
}
