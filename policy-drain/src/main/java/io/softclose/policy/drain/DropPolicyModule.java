/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.drain;

import io.softclose.net.guice.ClosePolicyModule;

/** Lets networks that Guice makes close under the {@link DropPolicy}. */
@SuppressWarnings("exports") // Guice is optional
public final class DropPolicyModule extends ClosePolicyModule {
    /** With default settings. */
    public DropPolicyModule() {
        this(DropPolicy.defaults());
    }

    /** With these settings. */
    public DropPolicyModule(DropPolicy policy) {
        super(policy);
    }
}
