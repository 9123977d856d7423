/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Messages to bytes and back: the writer fills batches from the lanes and the link tells what became of them; the intake
 * hands on what the peer sent, within its limits. Loop only.
 */
@NullMarked
package io.softclose.net.engine.stream;

import org.jspecify.annotations.NullMarked;
