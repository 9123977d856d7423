/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.drain;

import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.ClosePolicyProvider;

/** Makes the {@link DropPolicy} with its default settings. */
public final class DropPolicyProvider implements ClosePolicyProvider {
    /** For {@link java.util.ServiceLoader}. */
    public DropPolicyProvider() {}

    @Override
    public String name() {
        return DropPolicy.NAME;
    }

    @Override
    public ClosePolicy create() {
        return DropPolicy.defaults();
    }
}
