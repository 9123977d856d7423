/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import io.softclose.net.spi.ClosePolicy;

/** What a close policy's Guice module extends: a constructor or two that pass the policy on are all it needs. */
public abstract non-sealed class ClosePolicyModule extends PluginModule {
    /** Offers a policy, which every network that uses it shares. */
    protected ClosePolicyModule(ClosePolicy policy) {
        super(Part.CLOSE_POLICY, policy.name(), network -> network.closePolicy(policy));
    }
}
