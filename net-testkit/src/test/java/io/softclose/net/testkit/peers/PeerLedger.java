/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.peers;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Outcome;
import io.softclose.net.PeerAccount;
import io.softclose.net.Reply;
import io.softclose.net.RequestException;
import io.softclose.net.RequestException.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one node sends to the other as a peer, and what must be true of it: one outcome, handled once at most and only if it
 * may have left, in order, and in time. Shares nothing with the engine.
 */
final class PeerLedger {
    /** A look at the clock every 10 ms, and a loop that is busy. */
    private static final Duration LATE = Duration.ofMillis(50);

    private final String name;
    private final Supplier<Duration> now;
    private final List<String> violations;
    /** Who waits for room. */
    final RoomLedger room;

    private final List<Sent> sent = new ArrayList<>();
    private final Map<Integer, Handled> lastHandled = new HashMap<>();
    private final List<Inversion> inversions = new ArrayList<>();
    /** By lane and form, the last that left, by whatever connection. */
    private final Map<Integer, Integer> lastLeft = new HashMap<>();

    private final Map<Outcome, Long> ended = new EnumMap<>(Outcome.class);
    private final List<String> reported = new ArrayList<>();
    private final Map<String, Long> replies = new TreeMap<>();
    /** Of the network that sends now, the first message, and whether it ends. */
    private int firstOfNetwork;

    private boolean stopped;
    private long accepted;
    private long requests;
    private long handedOver;
    /** Of messages, how often their listeners heard of it. */
    private long toldHandedOver;

    /** One message. */
    static final class Sent {
        final int number;
        final int lane;
        final boolean streamed;
        final Duration at;
        final Duration wait;
        private boolean accepted;
        private @Nullable Outcome outcome;
        private int handled;
        private boolean request;
        /** Whether its message may end without having left, but for the end of its network. */
        private boolean mayBeDropped;

        private boolean replied;
        /** Whether its caller was told that the peer cannot have it. */
        private boolean notProcessed;
        /** Whether there was an open connection at any time since it was sent. */
        private boolean connected;

        private Sent(int number, int lane, boolean streamed, Duration at, Duration wait) {
            this.number = number;
            this.lane = lane;
            this.streamed = streamed;
            this.at = at;
            this.wait = wait;
        }

        /** Within it, messages keep their order. */
        private int form() {
            return 2 * lane + (streamed ? 1 : 0);
        }

        @Override
        public String toString() {
            return (request ? "request #" : "#") + number + " (lane " + lane + (streamed ? ", streamed" : "") + ", "
                    + outcome + ", handled " + handled + ")";
        }
    }

    private record Handled(Sent message, Connection on) {}

    private record Inversion(Sent early, Sent late) {}

    PeerLedger(String name, Supplier<Duration> now, List<String> violations) {
        this.name = name;
        this.now = now;
        this.violations = violations;
        room = new RoomLedger(this::violated);
    }

    /** A new network sends from now on. */
    void starts() {
        firstOfNetwork = sent.size();
        stopped = false;
    }

    /** The network ends: requests that have not left are not sent. */
    void stops() {
        stopped = true;
    }

    private boolean itsNetworkHasEnded(Sent one) {
        return stopped || one.number < firstOfNetwork;
    }

    /** A message that is about to be sent; the next number is its. */
    Sent begin(int lane, boolean streamed, Duration wait) {
        Sent one = new Sent(sent.size(), lane, streamed, now.get(), wait);
        sent.add(one);
        return one;
    }

    void accepted(Sent one) {
        one.accepted = true;
        accepted++;
    }

    /** A request was made: it is refused, or its reply completes once, in time. */
    void asked(Sent one, boolean mayBeDropped, Reply reply) {
        one.request = true;
        one.mayBeDropped = mayBeDropped;
        boolean[] refused = new boolean[1];
        var unused = reply.whenComplete((answer, failure) -> {
            refused[0] = failure instanceof RequestException why && why.failure() == Failure.REFUSED;
            if (!refused[0]) {
                replied(one, failure);
            }
        });
        if (!refused[0]) {
            accepted(one);
            requests++;
        }
    }

    private void replied(Sent one, @Nullable Throwable failure) {
        if (one.replied) {
            violated(one + " was answered twice");
        }
        one.replied = true;
        String how = failure instanceof RequestException why
                ? why.failure().name()
                : failure == null ? "ANSWERED" : "CANCELLED";
        replies.merge(how, 1L, Long::sum);
        one.notProcessed = failure instanceof RequestException why && !why.mayHaveBeenProcessed();
        if (failure instanceof RequestException why) {
            checkFailure(one, why);
        }
        if (failure == null && one.handled == 0) {
            violated(one + " was answered, but not handled");
        }
        if (one.notProcessed && one.handled > 0) {
            violated(one + " cannot have been processed (" + failure + ")");
        }
        if (now.get().compareTo(one.at.plus(one.wait).plus(LATE)) > 0) {
            violated(one + " was to be answered within " + one.wait + " from " + one.at + ", and was at " + now.get());
        }
    }

    private void checkFailure(Sent one, RequestException why) {
        boolean expected = switch (why.failure()) {
            case NOT_SENT -> one.notProcessed && (one.mayBeDropped || itsNetworkHasEnded(one));
            case UNANSWERED -> !one.notProcessed;
            case TIMED_OUT -> now.get().compareTo(one.at.plus(one.wait)) >= 0;
            case REFUSED, NOT_SUPPORTED -> false;
        };
        if (!expected) {
            violated(one + " of " + one.at + " failed unexpectedly: " + why);
        }
    }

    void handedOver(Sent one) {
        if (one.outcome != null) {
            violated(one + " goes on after that");
        }
        toldHandedOver++;
    }

    void ended(Sent one, Outcome outcome) {
        if (one.outcome != null) {
            violated(one + " ended again, as " + outcome);
        }
        one.outcome = outcome;
        ended.merge(outcome, 1L, Long::sum);
        boolean mayHaveLeft = outcome.went() || outcome == Outcome.UNCERTAIN;
        if (mayHaveLeft && lastLeft.getOrDefault(one.form(), -1) >= one.number) {
            violated(one + " left after #" + lastLeft.get(one.form()));
        }
        if (mayHaveLeft) {
            lastLeft.put(one.form(), one.number);
        }
        if (one.handled > 0 && !mayHaveLeft) {
            violated(one + " was handled");
        }
        if (outcome == Outcome.HANDED_OVER) {
            violated(one + ": its listener heard of a hand-over as of its end");
        }
        Duration over = one.at.plus(one.wait).plus(LATE);
        if (outcome == Outcome.UNSENT && !one.connected && now.get().compareTo(over) > 0) {
            violated(one + " was to wait for " + one.wait + " from " + one.at + ", and came back at " + now.get());
        }
    }

    /** There is an open connection. */
    void connected() {
        for (Sent one : sent) {
            one.connected |= one.outcome == null;
        }
    }

    void handled(int number, Connection on) {
        Sent one = sent.get(number);
        one.handled++;
        if (one.handled > 1) {
            violated(one + " was handled again");
        }
        if (one.notProcessed) {
            violated(one + " was handled after it was said that it cannot be");
        }
        Outcome outcome = one.outcome;
        if (outcome != null && !outcome.went() && outcome != Outcome.UNCERTAIN) {
            violated(one + " was handled after that");
        }
        if (one.request) {
            // It loses its place when it goes on from a connection whose peer has ended.
            return;
        }
        Handled last = lastHandled.get(one.form());
        if (last != null && last.message.number > number) {
            if (last.on == on) {
                violated(one + " was handled after " + last.message + " of the same connection");
            }
            inversions.add(new Inversion(one, last.message));
        } else {
            lastHandled.put(one.form(), new Handled(one, on));
        }
    }

    void closed(Connection connection, CloseReport report) {
        reported.add(now.get() + " " + connection + ": " + report.reason() + ", " + report.ending() + ", "
                + report.detail() + " after " + report.duration());
        handedOver += report.account().count(Outcome.HANDED_OVER);
        if (!report.account().balanced()) {
            violated("does not balance: " + report);
        }
        if (!report.returned().stream().allMatch(one -> one.outcome() != Outcome.HANDED_OVER)) {
            violated("returned and handed over: " + report);
        }
    }

    /** All is over: everything that was accepted has ended, and the peers' accounts say the same. */
    void check(List<PeerAccount> accounts, boolean undisturbed) {
        for (Sent one : sent) {
            if (one.accepted && !one.request && one.outcome == null) {
                violated(one + " has no outcome");
            }
            if (one.accepted && one.request && !one.replied) {
                violated(one + " was never answered");
            }
            if (!one.accepted && (one.outcome != null || one.handled > 0)) {
                violated(one + " was refused");
            }
            if (undisturbed && one.outcome == Outcome.WRITTEN && one.handled != 1) {
                violated(one + " did not arrive");
            }
            if (undisturbed && one.outcome == Outcome.UNCERTAIN) {
                violated(one + " although nothing went wrong");
            }
        }
        if (undisturbed) {
            checkOrder();
        }
        compare(accounts);
    }

    /** Its messages were handled in their order, whatever connections they came by. */
    void checkOrder() {
        inversions.forEach(one -> violated(one.early + " came after " + one.late));
    }

    private void compare(List<PeerAccount> accounts) {
        long told = 0;
        long often = 0;
        Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        for (PeerAccount account : accounts) {
            told += account.messages().total().accepted();
            often += account.handedOver();
            if (!account.balanced() || account.waiting() != 0) {
                violated("does not balance: " + account);
            }
            account.messages().total().outcomes().forEach((outcome, count) -> {
                if (count > 0) {
                    outcomes.merge(outcome, count, Long::sum);
                }
            });
        }
        // Of requests only the account has their messages' outcomes.
        ended.forEach((outcome, count) -> outcomes.merge(outcome, -count, Long::sum));
        boolean allThere = outcomes.values().stream().allMatch(count -> count >= 0)
                && outcomes.values().stream().mapToLong(Long::longValue).sum() == requests;
        // Of requests nobody hears that they go on.
        boolean allTold = requests == 0 ? toldHandedOver == handedOver : toldHandedOver <= handedOver;
        if (told != accepted || !allThere || often != handedOver || !allTold) {
            violated("accepted " + accepted + ", " + ended + ", handed over " + handedOver
                    + ", of which listeners heard " + toldHandedOver + " times, but the accounts say " + accounts);
        }
    }

    /** How its connections ended, one line each. */
    List<String> reports() {
        return reported;
    }

    long handedOver() {
        return handedOver;
    }

    /** How many replies completed how. */
    Map<String, Long> replies() {
        return replies;
    }

    long count(Outcome outcome) {
        return ended.getOrDefault(outcome, 0L);
    }

    private void violated(String what) {
        violations.add(now.get() + " " + name + ": " + what);
    }
}
