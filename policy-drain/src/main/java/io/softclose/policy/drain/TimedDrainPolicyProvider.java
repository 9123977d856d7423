/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.drain;

import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.ClosePolicyProvider;

/** Makes the {@link TimedDrainPolicy} with its default settings. */
public final class TimedDrainPolicyProvider implements ClosePolicyProvider {
    /** For {@link java.util.ServiceLoader}. */
    public TimedDrainPolicyProvider() {}

    @Override
    public String name() {
        return TimedDrainPolicy.NAME;
    }

    @Override
    public ClosePolicy create() {
        return TimedDrainPolicy.defaults();
    }
}
