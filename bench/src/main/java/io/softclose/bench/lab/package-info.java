/* SPDX-License-Identifier: Apache-2.0 */
/** Nodes in processes of their own, for whoever does to them what a machine can do. */
@NullMarked
package io.softclose.bench.lab;

import org.jspecify.annotations.NullMarked;
