/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

/** Makes a {@link Transport} by name. Found through {@link java.util.ServiceLoader}. */
public interface TransportProvider {
    /** The name users choose it by; unique among the providers of an application. */
    String name();

    /** A transport with default settings, owned by the caller. */
    Transport create();
}
