/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The command line: what each command takes, and which of the other rooms it calls.
 */
@NullMarked
package io.softclose.bench.cli;

import org.jspecify.annotations.NullMarked;
