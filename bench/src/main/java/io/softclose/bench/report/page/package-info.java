/* SPDX-License-Identifier: Apache-2.0 */
/** The page, and the project's picture. */
@NullMarked
package io.softclose.bench.report.page;

import org.jspecify.annotations.NullMarked;
