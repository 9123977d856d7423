/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.rpc;

import io.softclose.net.AsyncRequestHandler;
import io.softclose.net.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.Reply;
import io.softclose.net.RequestAccount;
import io.softclose.net.SendResult;
import io.softclose.net.engine.NetworkSettings;
import io.softclose.net.engine.Services;
import io.softclose.net.engine.inbox.Inbox;
import io.softclose.net.engine.outbox.Outbox;
import io.softclose.net.engine.stream.Inbound;
import io.softclose.net.engine.stream.Writer;
import io.softclose.net.wire.NetworkMessage.RpcRequest;
import io.softclose.net.wire.NetworkMessage.RpcResponse;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One connection's requests in both directions, as the rest of the engine sees them. Loop only, but for what any thread may ask. */
public final class Exchanges implements Inbound.Requests {
    /** The connection. */
    public interface Owner {
        /** An answer is awaited or owed no more. */
        void answerSettled();

        /** A message was taken back: there may be room for what waits for it. */
        void roomMade();
    }

    private final Services services;
    private final OutboundRequests ours;
    private final Supplier<InboundRequests> making;
    /** Once the peer asks. Written by the loop, read by any thread. */
    private volatile @Nullable InboundRequests theirs;

    public Exchanges(NetworkSettings settings, Inbox inbox, Writer writer, Outbox outbox, Owner owner) {
        services = settings.services();
        ours = new OutboundRequests(settings.limits().maxOutboundRequests(), inbox.loop(), outbox, writer, owner);
        making = () -> new InboundRequests(inbox, outbox, writer, settings.limits(), owner::answerSettled);
    }

    /** Makes a request. Any thread. */
    public Reply request(Message request, Duration timeout) {
        return ours.request(request, timeout);
    }

    /** Makes an attempt at a request that is addressed to the peer. On the loop if it is adopted, or else any thread. */
    public SendResult attempt(AddressedRequest request, boolean adopted) {
        return ours.attempt(request, adopted);
    }

    /** Makes a request that goes before all lanes. Any thread. */
    public Reply probe(Message request, Duration timeout) {
        return ours.probe(request, timeout);
    }

    @Override
    public boolean requested(RpcRequest request) {
        AsyncRequestHandler handler = services.requestHandler(request.protocolId());
        if (handler == null) {
            return false;
        }
        InboundRequests received = theirs;
        if (received == null) {
            received = making.get();
            theirs = received;
        }
        received.received(request, handler, services.answersAhead(request.protocolId()));
        return true;
    }

    @Override
    public void answered(RpcResponse response) {
        ours.answered(response.requestId(), response.priority(), response.rawResponse());
    }

    @Override
    public boolean notSupported(ProtocolId protocol) {
        return ours.notSupported(protocol);
    }

    /** There may be room for answers that wait for it. */
    public void advance() {
        if (theirs != null) {
            theirs.advance();
        }
    }

    /** Nothing more of the peer's comes. */
    public void inputOver() {
        ours.inputOver();
    }

    /** The link is gone, all that it brought was handed on, and every message has its outcome. */
    public void end() {
        if (theirs != null) {
            theirs.end();
        }
        ours.end();
    }

    /** Whether anybody answers the peer's requests. */
    public boolean mayBeAsked() {
        return services.answersRequests();
    }

    /** How many answers to the peer are not in a lane yet. */
    public int owed() {
        return theirs == null ? 0 : theirs.owed();
    }

    /** How many answers of the peer's have not come yet. */
    public int awaited() {
        return ours.awaited();
    }

    /** How many probes we made. Any thread. */
    public long probesMade() {
        return ours.probesMade();
    }

    /** How many of them were answered. Any thread. */
    public long probesAnswered() {
        return ours.probesAnswered();
    }

    /** How many of the peer's requests were answered before all lanes. */
    public long answeredAhead() {
        return theirs == null ? 0 : theirs.answeredAhead();
    }

    /** What became of the requests in both directions. Any thread. */
    public RequestAccount account() {
        InboundRequests received = theirs;
        return new RequestAccount(
                ours.account(), received == null ? RequestAccount.NONE.received() : received.account());
    }
}
