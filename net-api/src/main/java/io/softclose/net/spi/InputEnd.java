/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

/** What is known of the end of a peer's direction. */
public enum InputEnd {
    /** The peer ended it, as far as anybody can tell: on a bare link, its FIN came. */
    ENDED,
    /**
     * It was cut off: the bytes end, and a layer that would know of it was not told so by the peer. Whoever is on the way
     * can forge an end of the layer below. No close is clean after this.
     */
    CUT_OFF
}
