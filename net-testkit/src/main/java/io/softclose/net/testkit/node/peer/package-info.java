/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The peers of the contracts' nodes: those that read, write and break as a test says, and those that must not notice.
 */
@org.jspecify.annotations.NullMarked
package io.softclose.net.testkit.node.peer;
