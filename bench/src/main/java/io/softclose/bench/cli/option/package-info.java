/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Options that several commands share, and how their values are read and checked.
 */
@NullMarked
package io.softclose.bench.cli.option;

import org.jspecify.annotations.NullMarked;
