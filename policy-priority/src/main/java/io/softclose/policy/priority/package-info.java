/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A close policy that treats messages by how much depends on them.
 *
 * <p>{@link io.softclose.policy.priority.ConsensusPriorityPolicy} keeps a lane for each {@link
 * io.softclose.policy.priority.MessageClass}: while the connection is open, urgent messages pass the others, which
 * still get their share; when it closes, urgent messages go first, and have longest. {@link
 * io.softclose.policy.priority.ConsensusClassifier} tells a message's class, or a {@link
 * io.softclose.policy.priority.MessageClassifier} of the user's own.
 */
@NullMarked
package io.softclose.policy.priority;

import org.jspecify.annotations.NullMarked;
