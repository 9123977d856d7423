/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import com.google.inject.Binder;
import io.softclose.net.spi.ClosePolicy;
import java.util.function.Consumer;

/** What a close policy's Guice module extends: a constructor or two that pass the policy on are all it needs. */
public abstract non-sealed class ClosePolicyModule extends PluginModule {
    private final ClosePolicy policy;

    /** Offers a policy, which every network that uses it shares. */
    protected ClosePolicyModule(ClosePolicy policy) {
        super(Part.CLOSE_POLICY, policy.name());
        this.policy = policy;
    }

    @Override
    final Consumer<NetworkDraft> choice(Binder binder) {
        return draft -> draft.network().closePolicy(policy);
    }
}
