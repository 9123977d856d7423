/* SPDX-License-Identifier: Apache-2.0 */
/** What the rooms of the bench have in common: payloads that tell their number, JSON, tables, exit codes. */
@NullMarked
package io.softclose.bench;

import org.jspecify.annotations.NullMarked;
