/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.link;

/** A link's life; only its leaving and the report of its end lead into the last two. */
enum LinkState {
    /** Dialling, or accepted and not told yet. To OPEN when connected, to CLOSING by any end before that. */
    OPENING,
    /** The handler knows of it. To CLOSING when closed, aborted or failed, to LEAVING when it cannot write. */
    OPEN,
    /** Nothing can be written; what the peer had sent is still handed on. To CLOSING once that has ended. */
    LEAVING,
    /** The channel is closed, its descriptor perhaps not yet. To CLOSED after the loop's next I/O. */
    CLOSING,
    /** The handler was told. */
    CLOSED
}
