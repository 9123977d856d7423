/* SPDX-License-Identifier: Apache-2.0 */
/** What the pages show is true: their code compiles, their commands are known, what they quote is what they quote. */
@NullMarked
package io.softclose.bench.docs;

import org.jspecify.annotations.NullMarked;
