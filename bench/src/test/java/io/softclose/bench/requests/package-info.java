/* SPDX-License-Identifier: Apache-2.0 */
/** Requests under way while both ends of their connection close. */
@NullMarked
package io.softclose.bench.requests;

import org.jspecify.annotations.NullMarked;
