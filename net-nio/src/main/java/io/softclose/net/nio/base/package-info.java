/* SPDX-License-Identifier: Apache-2.0 */
/** What every room needs: settings, a log that throws nothing, timers, buffers, and who waits for a selector to let go. */
@NullMarked
package io.softclose.net.nio.base;

import org.jspecify.annotations.NullMarked;
