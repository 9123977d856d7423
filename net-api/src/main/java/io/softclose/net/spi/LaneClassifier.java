/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import io.softclose.net.Message;

/** Finds the lane of a message. Pure, quick and thread-safe: it runs in the sending thread, once for each send. */
@FunctionalInterface
public interface LaneClassifier {
    /**
     * The index of the message's lane. What it throws reaches the sender; an index that is no lane's is an {@link
     * IndexOutOfBoundsException} there.
     */
    int laneOf(Message message);
}
