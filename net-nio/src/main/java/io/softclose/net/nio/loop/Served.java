/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.loop;

/** What a loop serves, and ends when it ends itself: a link. */
public interface Served {
    /** The loop has been told to stop. */
    void abort();

    /** The loop has died of this. */
    void fail(Throwable cause);
}
