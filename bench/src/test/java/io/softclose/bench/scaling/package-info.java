/* SPDX-License-Identifier: Apache-2.0 */
@NullMarked
package io.softclose.bench.scaling;

import org.jspecify.annotations.NullMarked;
