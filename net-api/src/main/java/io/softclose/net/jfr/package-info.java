/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What happens to a network, as events of the JDK's Flight Recorder. It is written against what every user of a network has.
 * Module {@code jdk.jfr} is optional: only who uses this package needs it.
 */
package io.softclose.net.jfr;
