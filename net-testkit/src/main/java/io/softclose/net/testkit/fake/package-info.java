/* SPDX-License-Identifier: Apache-2.0 */
/**
 * An event loop, a link and a transport that do what a test says, step by step, and take down what is wrong with how
 * they are used.
 */
@NullMarked
package io.softclose.net.testkit.fake;

import org.jspecify.annotations.NullMarked;
