/* SPDX-License-Identifier: Apache-2.0 */
/** Nodes in processes and network namespaces of their own, for whoever does to them what machines and networks can do. */
@NullMarked
package io.softclose.bench.lab;

import org.jspecify.annotations.NullMarked;
