/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

/** How a close ended. */
public enum CloseEnding {
    /**
     * The operating system has everything written, our end (FIN) followed, and the peer's end came after it or nothing
     * of ours was written that it could have missed. The strongest statement the base wire allows.
     */
    CLEAN,
    /**
     * No error was seen, but nothing shows that the peer took what was written last: the policy closed without waiting
     * for the peer's end, the peer had ended before us and may have been gone, or input of the peer's was lost, so that our
     * end could not go out.
     */
    UNCONFIRMED,
    /** The deadline passed first. */
    DEADLINE,
    /** The peer took nothing for as long as the policy was willing to wait. */
    STALL,
    /**
     * The peer's bytes ended, but a layer that would know says that the peer did not end them: somebody on the way may
     * have cut them off. Nothing shows that the peer took what was written.
     */
    CUT_OFF,
    /** The link failed, or was aborted. */
    ERROR
}
