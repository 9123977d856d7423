/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.ClosePolicyProvider;

/** Makes the {@link ConsensusPriorityPolicy} with its default settings. */
public final class ConsensusPriorityPolicyProvider implements ClosePolicyProvider {
    /** For {@link java.util.ServiceLoader}. */
    public ConsensusPriorityPolicyProvider() {}

    @Override
    public String name() {
        return ConsensusPriorityPolicy.NAME;
    }

    @Override
    public ClosePolicy create() {
        return ConsensusPriorityPolicy.defaults();
    }
}
