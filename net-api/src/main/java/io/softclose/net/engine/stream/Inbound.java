/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.engine.Callbacks;
import io.softclose.net.engine.Handling;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.Services;
import io.softclose.net.engine.inbox.Inbox;
import io.softclose.net.spi.EventLoop;
import io.softclose.net.wire.ErrorCode;
import io.softclose.net.wire.FrameReader;
import io.softclose.net.wire.MultiplexCodec;
import io.softclose.net.wire.MultiplexMessage;
import io.softclose.net.wire.NetworkMessage;
import io.softclose.net.wire.NotSupportedType;
import io.softclose.net.wire.StreamReader;
import io.softclose.net.wire.WireException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the peer sends: cut into frames, decoded, put together again if streamed, and handed to the handler of its
 * protocol. Answers as AptosNet does to what cannot be parsed or is not supported. Loop only.
 */
public final class Inbound {
    /** Who takes what belongs to requests. Loop only. */
    public interface Requests {
        /** The peer asks; false if no handler takes requests of the protocol. */
        boolean requested(NetworkMessage.RpcRequest request);

        /** The peer answers. */
        void answered(NetworkMessage.RpcResponse response);

        /** The peer takes no requests of this protocol; false if we made none. */
        boolean notSupported(ProtocolId protocol);
    }

    private final Services services;
    private final Requests requests;
    private final Callbacks callbacks;
    private final Inbox inbox;
    private final Consumer<ByteBuffer> answers;
    private final Violations violations;
    private final FrameReader frames;
    private final StreamReader streams;
    private final FrameReader.Sink sink = new Frames();
    /** Of which the application has been told. */
    private final Set<ProtocolId> unhandled = new HashSet<>();

    private BooleanSupplier goesOn = () -> true;
    private long framesEnded;

    /**
     * Reads for one connection.
     *
     * @param inbox takes what is not handled on the loop
     * @param requests takes what belongs to requests
     * @param answers takes frames that are to be sent to the peer
     */
    public Inbound(
            NetworkSettings settings,
            EventLoop loop,
            Callbacks callbacks,
            Inbox inbox,
            Requests requests,
            Consumer<ByteBuffer> answers) {
        this.requests = requests;
        services = settings.services();
        this.callbacks = callbacks;
        this.inbox = inbox;
        this.answers = answers;
        violations = new Violations(loop, callbacks);
        frames = new FrameReader(settings.limits().maxFrameSize());
        streams = new StreamReader(
                settings.limits().maxMessageSize(), settings.limits().maxFragments());
    }

    /** Asks this after each message: whether to go on with the next one. */
    void goesOnWhile(BooleanSupplier wanted) {
        goesOn = wanted;
    }

    /**
     * Takes the data, all of it unless it is not to go on.
     *
     * @throws WireException if the peer's frames cannot be told apart any more
     */
    void read(ByteBuffer data) {
        frames.feed(data, sink);
    }

    /** Nothing more comes. */
    void ended() {
        violations.tellLeftOut();
    }

    /** How many frames have come whole. */
    public long frames() {
        return framesEnded;
    }

    /** How many bytes of an unfinished message have arrived. */
    long unfinishedBytes() {
        return (long) frames.bufferedBytes() + streams.bufferedBytes();
    }

    /** A number that differs for another unfinished message: a stream, if there is one, or else a frame. */
    long message() {
        return streams.unfinished() ? -streams.started() : framesEnded;
    }

    /** Forgets an unfinished message; nothing may be read after that. */
    void forget() {
        frames.forget();
        streams.forget();
    }

    /** Whether the peer's end now would cut off a message. */
    boolean midMessage() {
        return frames.midFrame() || streams.unfinished();
    }

    /** Takes the frames. */
    private final class Frames implements FrameReader.Sink {
        @Override
        public boolean onFrame(ByteBuffer frame) {
            framesEnded++;
            Message direct = MultiplexCodec.decodeDirectSend(frame, services.known());
            if (direct == null) {
                otherFrame(frame, false);
            } else {
                deliver(direct);
            }
            return goesOn.getAsBoolean();
        }

        /** The quick way is left to frames that lie in a link's buffer: one that meets two kinds of buffers is not as quick. */
        @Override
        public boolean onCollected(ByteBuffer frame) {
            framesEnded++;
            otherFrame(frame, true);
            return goesOn.getAsBoolean();
        }
    }

    /**
     * Takes a frame the strict way.
     *
     * @param collected whether its buffer is its own and may be kept
     */
    private void otherFrame(ByteBuffer frame, boolean collected) {
        int length = frame.remaining();
        int message = length > 0 ? frame.get(frame.position()) & 0xFF : 0;
        int protocol = length > 1 ? frame.get(frame.position() + 1) & 0xFF : 0;
        MultiplexMessage decoded;
        try {
            decoded = collected
                    ? MultiplexCodec.decodeKept(frame, services.known())
                    : MultiplexCodec.decode(frame, services.known());
        } catch (WireException malformed) {
            if (violations.mayTell()) {
                violations.tell("frame of " + length + " bytes: " + malformed.getMessage());
                answer(new ErrorCode.ParsingError(message, protocol));
            }
            return;
        }
        NetworkMessage whole = assemble(decoded);
        if (whole != null) {
            dispatch(whole);
        }
    }

    private void deliver(Message message) {
        Handling handling = services.handling(message.protocol());
        if (handling instanceof Handling.OnLoop onLoop) {
            callbacks.message(onLoop.handler(), message);
        } else if (handling == null) {
            unhandled(message.protocol(), new NotSupportedType.DirectSendMsg(message.protocol()));
        } else {
            inbox.add(handling, message);
        }
    }

    /** The whole message that a frame is or completes; null if there is more to come, or the stream was refused. */
    private @Nullable NetworkMessage assemble(MultiplexMessage decoded) {
        try {
            if (decoded instanceof MultiplexMessage.Message whole) {
                return whole.message();
            }
            return decoded instanceof MultiplexMessage.StreamHeader header
                    ? streams.header(header)
                    : streams.fragment((MultiplexMessage.StreamFragment) decoded);
        } catch (WireException refused) {
            if (violations.mayTell()) {
                violations.tell(String.valueOf(refused.getMessage()));
            }
            return null;
        }
    }

    private void dispatch(NetworkMessage received) {
        if (received instanceof NetworkMessage.DirectSendMsg direct) {
            deliver(Message.of(direct.protocolId(), direct.priority(), direct.rawMsg()));
        } else if (received instanceof NetworkMessage.RpcRequest request) {
            if (!requests.requested(request)) {
                unhandled(request.protocolId(), new NotSupportedType.RpcRequest(request.protocolId()));
            }
        } else if (received instanceof NetworkMessage.RpcResponse response) {
            requests.answered(response);
        } else if (received instanceof NetworkMessage.Error error
                && !concernsRequests(error.code())
                && violations.mayTell()) {
            violations.tell("the peer answers " + error.code());
        }
    }

    private boolean concernsRequests(ErrorCode code) {
        return code instanceof ErrorCode.NotSupported unsupported
                && unsupported.type() instanceof NotSupportedType.RpcRequest request
                && requests.notSupported(request.protocolId());
    }

    private void unhandled(ProtocolId protocol, NotSupportedType type) {
        if (unhandled.add(protocol)) {
            callbacks.unhandled(protocol);
        }
        answer(new ErrorCode.NotSupported(type));
    }

    private void answer(ErrorCode code) {
        answers.accept(MultiplexCodec.encodeFrame(new MultiplexMessage.Message(new NetworkMessage.Error(code))));
    }
}
