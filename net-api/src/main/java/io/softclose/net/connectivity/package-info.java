/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Who a node is connected to: AptosNet's connectivity manager. It is written against what every user of a network has,
 * and docs/health-and-connectivity.md says how it judges.
 */
package io.softclose.net.connectivity;
