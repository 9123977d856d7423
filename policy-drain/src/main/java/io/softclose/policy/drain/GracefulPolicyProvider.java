/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.drain;

import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.ClosePolicyProvider;

/** Makes the {@link GracefulPolicy} with its default settings. */
public final class GracefulPolicyProvider implements ClosePolicyProvider {
    /** For {@link java.util.ServiceLoader}. */
    public GracefulPolicyProvider() {}

    @Override
    public String name() {
        return GracefulPolicy.NAME;
    }

    @Override
    public ClosePolicy create() {
        return GracefulPolicy.defaults();
    }
}
