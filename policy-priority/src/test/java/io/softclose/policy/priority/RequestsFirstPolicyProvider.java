/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.ClosePolicyProvider;

/** Makes the policy by its name. */
public final class RequestsFirstPolicyProvider implements ClosePolicyProvider {
    /** For {@link java.util.ServiceLoader}. */
    public RequestsFirstPolicyProvider() {}

    @Override
    public String name() {
        return "requests-first";
    }

    @Override
    public ClosePolicy create() {
        return new RequestsFirstPolicy();
    }
}
