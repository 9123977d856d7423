/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import java.util.List;

/** How much depends on a message, most urgent first. Each class has a lane of its own. */
public enum MessageClass {
    /**
     * The protocol waits for it, and nobody asks for it again: losing it costs the validators a round. The lane {@code
     * critical}.
     */
    CRITICAL("critical"),
    /**
     * Losing it costs a detour: somebody's timeout passes, and it is asked for again, sent again, or made good by a
     * slower way of synchronising. The lane {@code recoverable}.
     */
    RECOVERABLE("recoverable"),
    /** Volume. Losing it costs throughput at most, and so does delaying it. The lane {@code bulk}. */
    BULK("bulk");

    /** Every class, in order. */
    static final List<MessageClass> ALL = List.of(values());

    private final String laneName;

    MessageClass(String laneName) {
        this.laneName = laneName;
    }

    /** Name of the class's lane in accounts, reports and metrics. */
    public String laneName() {
        return laneName;
    }

    /** Index of the class's lane: 0 for the most urgent. */
    @SuppressWarnings("EnumOrdinal") // the order of the constants is what this type says
    int lane() {
        return ordinal();
    }

    /** The class above this one, or this one if there is none. */
    MessageClass raised() {
        return switch (this) {
            case CRITICAL, RECOVERABLE -> CRITICAL;
            case BULK -> RECOVERABLE;
        };
    }
}
