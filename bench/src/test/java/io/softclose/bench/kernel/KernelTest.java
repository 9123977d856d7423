/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import io.softclose.bench.lab.AnyTransport;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every scenario, on one transport. */
@Tag("kernel")
@Timeout(value = 150, unit = TimeUnit.SECONDS)
abstract class KernelTest
        implements DistanceScenarios, LinkScenarios, ResetScenarios, PeerScenarios, BlackHoleScenarios {
    @RegisterExtension
    private final Lab lab = new Lab(transport());

    /** What both nodes run on. */
    abstract AnyTransport transport();

    @Override
    public Lab lab() {
        return lab;
    }
}
