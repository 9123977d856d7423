/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import io.softclose.net.Message;

/**
 * Finds the class of a message. Pure, quick and thread-safe: it runs in the sending thread, once for each send. What it
 * throws reaches the sender, and so does a {@link NullPointerException} if it answers null; the message is then neither
 * accepted nor refused.
 */
@FunctionalInterface
public interface MessageClassifier {
    /** The class of a message. */
    MessageClass classOf(Message message);
}
