/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

/**
 * Lets messages into one lane. All that decides is in one word: how many have ever come in, with how many bytes, and
 * whether the lane is sealed. A send moves it by one compare-and-set, which takes the message's room and its ticket, its
 * place in the queue, at once. So it came before the seal, and is in the number that the seal freezes, or it is
 * refused: there is no third result. What has gone is summed up in a word of the loop's; the difference is what the
 * lane holds. Thread-safe and lock-free.
 *
 * <p>Both words come round: each message adds one to their lower part, and its bytes and one more to their upper part.
 * Differences are right all the same, for no lane holds as much as half of what either part can count. And a word that a
 * sender has read is not there again before 2<sup>42</sup> bytes and messages have come in, whatever their sizes.
 */
final class AdmissionGate {
    private static final long SEALED = 1;
    /** The most messages in a lane are 2<sup>20</sup>. */
    private static final int COUNT_BITS = 21;

    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    private final int maxMessages;
    private final long maxBytes;

    // Shared. The lowest bit is the seal, or zero; the two sums stand above it.
    private final ContendedLong entered = new ContendedLong();
    private final ContendedLong gone = new ContendedLong();
    /** How many have gone; before they are in the sum. Written by the loop. */
    private volatile long goneMessages;

    AdmissionGate(int maxMessages, long maxBytes) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /** The word as it is now. A sender decides by it, then {@linkplain #enter enters}, if it still is the same. */
    long word() {
        return entered.get();
    }

    /** Whether the seal is in this word. */
    static boolean sealed(long word) {
        return (word & SEALED) != 0;
    }

    /** The ticket of the next that comes in: tickets are consecutive, and after 2<sup>21</sup> they come again. */
    static int ticket(long word) {
        return (int) ((word >>> 1) & COUNT_MASK);
    }

    /**
     * Whether one more of this many bytes has room beside what this word lets in. If the word is not the present one any
     * more, the answer may be anything.
     */
    boolean fits(long word, int bytes) {
        long held = held(word, gone.get());
        return messages(held) < maxMessages && bytes(held) + bytes <= maxBytes;
    }

    /** Takes the ticket, and room for this many bytes, if the word is still the same. */
    boolean enter(long word, int bytes) {
        return entered.compareAndSet(word, word + sum(1, bytes));
    }

    /** Messages that were let in have gone, and give their room back. Loop only. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void leave(int messages, long bytes) {
        goneMessages += messages;
        // Last, for it gives room: so no more than a lane's messages are ever between the number and the word.
        gone.set(gone.get() + sum(messages, bytes));
    }

    /** Lets in nobody who looks for the seal. Idempotent. */
    void seal() {
        long seen = entered.get();
        while (!sealed(seen) && !entered.compareAndSet(seen, seen | SEALED)) {
            seen = entered.get();
        }
    }

    /** How many have ever come in. */
    long count() {
        while (true) {
            long before = goneMessages;
            long word = entered.get();
            if (goneMessages == before) {
                return before + ((ticket(word) - before) & COUNT_MASK);
            }
        }
    }

    /** What the lane holds now: for {@link #messages} and {@link #bytes}. */
    long held() {
        while (true) {
            long before = gone.get();
            long word = entered.get();
            if (gone.get() == before) {
                return held(word, before);
            }
        }
    }

    static long messages(long held) {
        return held & COUNT_MASK;
    }

    static long bytes(long held) {
        return (held >>> COUNT_BITS) - messages(held);
    }

    private static long held(long entered, long gone) {
        return (entered - gone) >>> 1;
    }

    private static long sum(int messages, long bytes) {
        return ((bytes + messages) << COUNT_BITS | messages) << 1;
    }
}
