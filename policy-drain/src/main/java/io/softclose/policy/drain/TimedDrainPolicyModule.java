/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.drain;

import io.softclose.net.guice.ClosePolicyModule;

/** Lets networks that Guice makes close under the {@link TimedDrainPolicy}. */
@SuppressWarnings("exports") // Guice is optional
public final class TimedDrainPolicyModule extends ClosePolicyModule {
    /** With default settings. */
    public TimedDrainPolicyModule() {
        this(TimedDrainPolicy.defaults());
    }

    /** With these settings. */
    public TimedDrainPolicyModule(TimedDrainPolicy policy) {
        super(policy);
    }
}
