/* SPDX-License-Identifier: Apache-2.0 */
/** What result files say, and complaints about those that are none. */
@NullMarked
package io.softclose.bench.report.data;

import org.jspecify.annotations.NullMarked;
