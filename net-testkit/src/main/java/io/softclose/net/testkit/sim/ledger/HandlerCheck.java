/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.CloseEnding;
import io.softclose.net.CloseReport;
import io.softclose.net.Limits;
import io.softclose.net.Outcome;
import io.softclose.net.ProtocolId;
import io.softclose.net.ShutdownReport;
import io.softclose.net.testkit.sim.ledger.evidence.CloseOrders;
import io.softclose.net.testkit.sim.ledger.evidence.RareState;
import io.softclose.net.testkit.sim.ledger.evidence.ReportedUnhandled;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one end's handlers are called with, on the loop and off it: of each protocol exactly what the peer's wire brought,
 * in that order; off the loop within the bounds of the connection; and none that the report has given up. What its engine
 * holds is not seen here, but lies between what its link was given and the last message that a handler was called with.
 */
public final class HandlerCheck {
    /** What an engine holds besides, at most: so much is enough for it, and one read may come on top. */
    private static final long HELD = 2L * 64 * 1024 + 1024;

    /** The first so many of the messages for handlers off the loop, on the wire. */
    private final class Reach {
        int count;
        long bytes;

        void upTo(long position) {
            while (count < offLoop.size() && offLoop.get(count).end <= position) {
                bytes += offLoop.get(count++).message.size();
            }
        }
    }

    private final LedgerSide side;
    private final CloseOrders orders;
    private final Limits limits;
    private final Set<ProtocolId> protocols = new HashSet<>();
    /** What is on the wire for its handlers, and they were not called with. */
    private final Map<ProtocolId, Queue<Sent>> expected = new HashMap<>();
    /** What handlers off the loop were called with last. */
    private final Map<ProtocolId, Sent> atWork = new HashMap<>();
    /** What is on the wire for handlers off the loop, all that ever was. */
    private final List<Sent> offLoop = new ArrayList<>();

    private final Reach arrived = new Reach();
    /** What the engine has handed on, as far as it shows. */
    private final Reach handedOn = new Reach();

    private int read;
    private long doneBytes;
    private int called;
    private int done;
    /** Whether they may be full: perhaps, until it is sure that they are not. */
    private boolean perhapsFull;

    /** Requests whose handlers have not come to an end, and their bytes. */
    private int asked;

    private long askedBytes;
    /** Those whose handlers have, and how many of these by answers, which may wait for room. */
    private int ended;

    private int answers;
    private long answeredBytes;
    /** And how many without one. */
    private int failures;

    private boolean linkStopped;
    private boolean metClose;
    private boolean saidEnd;
    private @Nullable CloseReport report;
    private int calledBefore;
    private int doneBefore;
    private int askedBefore;
    private int endedBefore;
    private ReportedUnhandled reported = ReportedUnhandled.NONE;
    private boolean over;
    /** Whether it ended with something that it held behind its handlers, or that these had not handled. */
    private boolean heldAtEnd;

    HandlerCheck(LedgerSide side, CloseOrders orders, Limits limits) {
        this.side = side;
        this.orders = orders;
        this.limits = limits;
    }

    /** This protocol's handler is off the loop. */
    public void offLoop(ProtocolId protocol) {
        protocols.add(protocol);
    }

    private void readWire() {
        SentMessages sent = side.sentByPeer();
        List<Sent> wire = sent == null ? List.of() : sent.onWire();
        for (; read < wire.size(); read++) {
            Sent one = wire.get(read);
            expected.computeIfAbsent(one.message.protocol(), protocol -> new ArrayDeque<>())
                    .add(one);
            if (protocols.contains(one.message.protocol())) {
                offLoop.add(one);
            }
        }
    }

    /** A handler is called. */
    void called(Sent one) {
        readWire();
        Queue<Sent> ofProtocol = expected.get(one.message.protocol());
        Sent next = ofProtocol == null ? null : ofProtocol.poll();
        if (next != one) {
            side.violated("a handler has " + one + " (expected: " + next + ", which is the next of its protocol)");
        }
        handedOn.upTo(one.end);
        checkBounds();
        if (protocols.contains(one.message.protocol())) {
            calledOffLoop(one);
        } else {
            one.done = true;
        }
    }

    private void calledOffLoop(Sent one) {
        called++;
        // It may be handled at once: then nobody else sees that they were full with it.
        arrived.upTo(one.end);
        lookForRoom();
        Sent last = atWork.put(one.message.protocol(), one);
        if (last != null && !last.done) {
            side.violated("a handler is called with " + one + " (expected: when it has handled " + last + ")");
        }
        CloseReport made = report;
        if (over) {
            side.violated("a handler is called after the shutdown of its network: " + one);
        } else if (made != null) {
            long left = made.unhandled() - (calledBefore - doneBefore) - askedBefore;
            if (gaveUp() || called - calledBefore > left) {
                side.violated(
                        "a handler is called after its connection gave that up as unhandled, " + made + ": " + one);
            }
            side.rare().add(RareState.HANDLED_PAST_LINK);
        }
    }

    /** A request's handler is called, or an answer has come. */
    void asked(Sent one) {
        if (one.kind == Sent.Kind.REQUEST) {
            asked++;
            askedBytes += one.message.size();
            // It may be answered at once: then nobody else sees that they were full with it.
            lookForRoom();
        }
    }

    /** A request's handler has come to its end: if by an answer, that may have to wait for room. */
    public void answered(Sent request, boolean withAnswer) {
        asked--;
        askedBytes -= request.message.size();
        ended++;
        if (withAnswer) {
            answers++;
            answeredBytes += request.message.size();
        } else {
            failures++;
        }
        lookForRoom();
    }

    /** Whether handlers off the loop, or of requests, may have something. */
    boolean busy() {
        return unhandled() > 0 || asked > 0 || answersWait() > 0;
    }

    /** At most so many answers wait for room. */
    private long answersWait() {
        // An account of each connection after each event would be most of a run's time.
        return answers == 0 ? 0 : Math.max(0, answers - side.answersAccepted());
    }

    /** Whether a handler may have this after its connection has closed: then the link has failed. */
    boolean outlive(Sent one) {
        return one.plain() && protocols.contains(one.message.protocol());
    }

    /** A handler off the loop has returned, or its stage is complete. */
    public void done(Sent one) {
        one.done = true;
        done++;
        doneBytes += one.message.size();
        if (report != null && report.ending() == CloseEnding.DEADLINE) {
            side.rare().add(RareState.HANDLERS_OUTLIVED_DEADLINE);
        }
        lookForRoom();
    }

    /** How many messages for handlers off the loop have come whole, and were not handled. */
    int unhandled() {
        return arrived.count - done;
    }

    /** After an event on its loop, or when a handler is called. */
    void check() {
        look();
        lookForRoom();
        if (arrived.bytes - doneBytes > limits.handlerBytes() + limits.maxMessageSize() + HELD && report == null) {
            side.violated("holds " + (arrived.bytes - doneBytes) + " bytes of messages for handlers off the loop");
        }
        boolean closing = side.connection().state().closing();
        metClose |= closing && unhandled() > 0;
        if (!saidEnd && side.stream().endedAt() != Sent.NEVER) {
            saidEnd = true;
            if (unhandled() > 0) {
                side.violated(
                        "said its end over " + unhandled() + " messages that handlers off the loop had not handled");
            }
        }
    }

    private void look() {
        if (!protocols.isEmpty()) {
            readWire();
            arrived.upTo(side.stream().handedOn());
        }
    }

    private void lookForRoom() {
        long answersWait = answersWait();
        long messages = arrived.count - done + asked + answersWait;
        long bytes = arrived.bytes - doneBytes + askedBytes + (answersWait > 0 ? answeredBytes : 0);
        if (messages >= limits.handlerMessages() || bytes >= limits.handlerBytes()) {
            perhapsFull = true;
        } else if (2 * messages < limits.handlerMessages() && 2 * bytes < limits.handlerBytes()) {
            perhapsFull = false;
        }
    }

    /**
     * When nothing is left to do at the present time: then everything has been handed on that no reason holds back.
     *
     * @param flows whether nothing else than full handlers could
     * @param reads whether the link reads
     */
    void checkAtRest(boolean flows, boolean reads) {
        if (flows && !perhapsFull) {
            handedOn.upTo(side.stream().handedOn());
            checkBounds();
        }
        if (flows && perhapsFull && !reads) {
            linkStopped = true;
        } else if (linkStopped && reads && !side.connection().state().closing()) {
            side.rare().add(RareState.HANDLERS_FULL);
        }
    }

    /** The last that was handed on came to handlers that were not full, whatever they had been called with. */
    private void checkBounds() {
        if (handedOn.count == 0 || report != null || !side.link().isOpen()) {
            return;
        }
        int messages = handedOn.count - done;
        long bytesBefore = handedOn.bytes
                - doneBytes
                - offLoop.get(handedOn.count - 1).message.size();
        if (messages > limits.handlerMessages() || (messages > 0 && bytesBefore >= limits.handlerBytes())) {
            side.violated("has " + messages + " messages with handlers off the loop, and " + bytesBefore
                    + " bytes before the last of them (expected: " + limits.handlerMessages()
                    + " at most, and less than "
                    + limits.handlerBytes() + ")");
        }
    }

    /** Its report has come. */
    void closed(CloseReport made) {
        look();
        boolean exact = linkFailed() && !side.gaveUpReading();
        long messages = exact ? unhandled() : Math.max(handedOn.count - done, called - done);
        long least = messages + asked;
        // A handler that failed elsewhere is told of in a task of the loop's, which the link's failure may come before.
        long untold = Math.max(0, failures - made.requests().received().failed());
        long unheard = answersWait() + untold;
        long most = unheard + unhandled() + asked;
        if (made.unhandled() < least || made.unhandled() > most) {
            side.violated(
                    "its report says that " + made.unhandled() + " were not handled (expected: " + least + " to " + most
                            + "), of " + unhandled() + " messages that had come, " + (handedOn.count - done)
                            + " of them with handlers, "
                            + (called - done) + " being handled, and " + asked + " requests: " + made);
        }
        if (made.clean() && made.account().count(Outcome.WRITTEN) > 0 && unhandled() > 0) {
            side.violated("clean with " + unhandled() + " messages that were not handled: " + made);
        }
        if (made.clean() && metClose) {
            side.rare().add(RareState.HANDLERS_MET_CLOSE);
        }
        heldAtEnd = !made.clean() && unhandled() > 0;
        calledBefore = called;
        doneBefore = done;
        askedBefore = asked;
        endedBefore = ended;
        reported = new ReportedUnhandled(made.unhandled(), least, unheard);
        report = made;
    }

    /**
     * Whether the link is known to have gone by itself, which takes nothing from handlers. An engine that leaves it, is out of
     * time or aborted, before it has heard of that or has handed on what it held, gives that up uncounted.
     */
    private boolean linkFailed() {
        return !side.stream().layered() && !side.link().leaveAsked() && !orders.mayBeDue(side.now());
    }

    /**
     * Whether the engine is known to have left the link and given up what handlers had not been called with. It does not
     * give that up when an open connection's peer takes nothing.
     */
    private boolean gaveUp() {
        CloseReport made = report;
        boolean peerTookNothing = made != null && made.error().orElse(null) instanceof SocketTimeoutException;
        return !side.stream().layered() && side.link().leftByOwner() && !peerTookNothing;
    }

    // At the end of its network.

    /** The fewest messages that are left of what its report counts: those being handled then may have been since. */
    long leastLeft() {
        return reported.leastLeft((long) (done - doneBefore) + (ended - endedBefore));
    }

    /** The most. */
    long mostLeft() {
        return reported.mostLeft();
    }

    /** Whether it has given up some of what had come. */
    boolean gaveUpSome() {
        return heldAtEnd || mostLeft() > 0;
    }

    /** Its network's shutdown is over: no handler is called any more. */
    void shutDown(ShutdownReport report) {
        over = true;
        if (report.unhandled() > 0 && leastLeft() > 0) {
            side.rare().add(RareState.HANDLERS_OUTLIVED_SHUTDOWN);
        }
    }
}
