/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

/**
 * A message that a close hands back.
 *
 * @param message the very object that was sent
 * @param outcome how it ended; {@link Outcome#resend()} tells what sending it again would do
 * @param lane the name of the lane it waited in
 */
public record ReturnedMessage(Message message, Outcome outcome, String lane) {}
