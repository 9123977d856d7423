/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.drain;

import io.softclose.net.guice.ClosePolicyModule;

/** Lets networks that Guice makes close under the {@link GracefulPolicy}. */
@SuppressWarnings("exports") // Guice is optional
public final class GracefulPolicyModule extends ClosePolicyModule {
    /** With default settings. */
    public GracefulPolicyModule() {
        this(GracefulPolicy.defaults());
    }

    /** With these settings. */
    public GracefulPolicyModule(GracefulPolicy policy) {
        super(policy);
    }
}
