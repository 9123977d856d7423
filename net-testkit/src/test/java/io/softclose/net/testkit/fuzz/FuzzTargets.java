/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import java.util.List;

/** The targets there are. */
final class FuzzTargets {
    /** All of them. */
    static final List<FuzzTarget> ALL =
            List.of(new FrameFuzz(), new MessageFuzz(), new HandshakeFuzz(), new StreamFuzz(), new ConnectionFuzz());

    private FuzzTargets() {}

    /** The one of this name. */
    static FuzzTarget named(String name) {
        return ALL.stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("target: \"" + name + "\" (expected: one of "
                        + ALL.stream().map(FuzzTarget::name).toList() + ")"));
    }
}
