/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What plugins implement: {@link io.softclose.net.spi.Transport} (a byte pipe), {@link
 * io.softclose.net.spi.ClosePolicy} (a pure decision) and {@link io.softclose.net.spi.IdentityExchange} (who is at the
 * other end). Providers of the first two are found by name through {@link java.util.ServiceLoader}.
 */
@NullMarked
package io.softclose.net.spi;

import org.jspecify.annotations.NullMarked;
