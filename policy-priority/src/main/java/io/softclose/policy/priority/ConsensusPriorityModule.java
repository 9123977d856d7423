/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import io.softclose.net.guice.ClosePolicyModule;

/** Lets networks that Guice makes close under the {@link ConsensusPriorityPolicy}. */
@SuppressWarnings("exports") // Guice is optional
public final class ConsensusPriorityModule extends ClosePolicyModule {
    /** With default settings. */
    public ConsensusPriorityModule() {
        this(ConsensusPriorityPolicy.defaults());
    }

    /** With these settings. */
    public ConsensusPriorityModule(ConsensusPriorityPolicy policy) {
        super(policy);
    }
}
