/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What is written to the log {@code io.softclose.net}: guarded, because the application's logger may throw, and bounded in
 * rate where a peer decides how many lines there are. Not exported.
 */
@NullMarked
package io.softclose.net.log;

import org.jspecify.annotations.NullMarked;
