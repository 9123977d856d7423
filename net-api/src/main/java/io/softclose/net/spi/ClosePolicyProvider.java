/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

/** Makes a {@link ClosePolicy} by name. Found through {@link java.util.ServiceLoader}. */
public interface ClosePolicyProvider {
    /** The name users choose it by; unique among the providers of an application. */
    String name();

    /** A policy with default settings. */
    ClosePolicy create();
}
