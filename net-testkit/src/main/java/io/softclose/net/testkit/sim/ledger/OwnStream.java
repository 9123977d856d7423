/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.ledger;

import io.softclose.net.testkit.sim.link.OutputTap;

/**
 * What really became of the bytes of a link's owner and of those for it, in positions of the owner's own streams: those of
 * the kernels, or of a layer between. The ledger believes this, and nothing that a link says of itself.
 */
public interface OwnStream {
    /** Has this see what is written from now on. */
    void tap(OutputTap wanted);

    /** How many of the owner's bytes were taken. */
    long taken();

    /** How many of these the kernel has, in whole. */
    long flushed();

    /** Whether what was taken may wait to be flushed. */
    boolean flushesLater();

    /** Whether a layer of its own is between the owner and the kernel, which may be short of memory when neither is. */
    boolean layered();

    /** When bytes last came, by the network's time; -1 for never. */
    long lastArrivalAt();

    /** How many of the peer's bytes the owner was given. */
    long handedOn();

    /** When our end was said; {@link Sent#NEVER} if it was not. */
    long endedAt();

    /** Whether it was said, and had to wait until what had come before was handled. */
    boolean endHeldBack();

    /** Whether it was said although the peer had been cut off, so that nobody knows what it had to say. */
    boolean endedAfterCut();

    /** How many of the peer's bytes had come by then. */
    long receivedBeforeEnd();

    /** How many of these, or of what they came in, the owner had not been given. */
    long unreadAtEnd();

    /** When the peer's end had come, or one that looks like it; {@link Sent#NEVER} if none has. */
    long peerEndedAt();

    /** Whether the peer itself has said its end. */
    boolean peerSaidEnd();

    /** Whether the owner was told that the peer has. */
    boolean toldEnd();
}
