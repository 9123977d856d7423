/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Two nodes that send to each other as peers over real sockets, while their connections break again and again: what was
 * promised of every message is compared with what became of it.
 */
@NullMarked
package io.softclose.bench.breaks;

import org.jspecify.annotations.NullMarked;
