/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.kernel;

/** How its owner, or its loop, leaves a link. */
public enum Leaving {
    CLOSE("closes with bytes unread:"),
    LINGER("lingers with bytes unread:"),
    ABORT("aborts with bytes unread:");

    private final String inWords;

    Leaving(String inWords) {
        this.inWords = inWords;
    }

    public String inWords() {
        return inWords;
    }
}
