/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.outbox;

/**
 * Where a send can be cut off by a virtual machine that runs out of memory or stack. A test puts a subclass here that
 * throws before one of the steps; as it is, it does nothing and is compiled to nothing.
 */
public class SendSteps {
    public static final SendSteps UNDISTURBED = new SendSteps();

    /** What a send does, in this order. It has taken nothing before it takes its ticket. */
    public enum Step {
        /** Makes a segment, if its slot's is not there. */
        SEGMENT,
        /** Passes the gate: takes its room and its ticket. */
        TICKET,
        /** Fills its slot. */
        SLOT,
        /** Wakes the loop. */
        WAKE_UP
    }

    protected void before(Step step) {}
}
