/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.softclose.net.Limits;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.LanePlan;
import io.softclose.net.spi.Transport;
import java.util.function.Supplier;

/** Plugins for tests, with modules as plugins have them. */
final class Plugins {
    private Plugins() {}

    static ClosePolicy policy(String name) {
        ClosePolicy policy = mock(ClosePolicy.class);
        when(policy.name()).thenReturn(name);
        when(policy.lanes(any())).thenReturn(LanePlan.single(Limits.defaults()));
        return policy;
    }

    static final class PipeTransportModule extends TransportModule {
        PipeTransportModule() {
            this(() -> mock(Transport.class));
        }

        PipeTransportModule(Supplier<Transport> source) {
            super("pipe", source);
        }
    }

    static final class RadioTransportModule extends TransportModule {
        RadioTransportModule() {
            super("radio", () -> mock(Transport.class));
        }
    }

    static final class PatientPolicyModule extends ClosePolicyModule {
        PatientPolicyModule() {
            this(policy("patient"));
        }

        PatientPolicyModule(ClosePolicy policy) {
            super(policy);
        }
    }
}
