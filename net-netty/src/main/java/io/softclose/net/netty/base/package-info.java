/* SPDX-License-Identifier: Apache-2.0 */
/** What every room needs: a log that throws nothing, waits, addresses. */
@NullMarked
package io.softclose.net.netty.base;

import org.jspecify.annotations.NullMarked;
