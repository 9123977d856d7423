/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What plugin authors test with: contracts as interfaces of default tests, doubles for the ports that an engine or a
 * plugin talks to, and leak checks.
 */
@NullMarked
package io.softclose.net.testkit;

import org.jspecify.annotations.NullMarked;
