/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Files with keys and certificates, as the command line takes them.
 */
@NullMarked
package io.softclose.bench.identity;

import org.jspecify.annotations.NullMarked;
