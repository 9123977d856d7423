/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a network does and how it fares, as Micrometer's meters. It is written against what every user of a network has. Micrometer
 * is optional: only who uses this package needs it.
 */
package io.softclose.net.metrics;
