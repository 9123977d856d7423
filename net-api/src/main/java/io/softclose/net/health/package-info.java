/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Whether peers are alive: AptosNet's health checker, and a check besides that they take what they are sent. It is written
 * against what every user of a network has, and docs/health-and-connectivity.md says how it judges.
 */
package io.softclose.net.health;
