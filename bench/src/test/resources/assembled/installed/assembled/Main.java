/* SPDX-License-Identifier: Apache-2.0 */
package assembled;

import com.google.inject.Guice;
import io.softclose.net.guice.NetworkModule;
import io.softclose.net.nio.NioTransport;
import io.softclose.net.nio.NioTransportModule;
import io.softclose.policy.drain.GracefulPolicyModule;
import io.softclose.policy.drain.TimedDrainPolicyModule;

/** Installs the modules of the plugins. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        Guice.createInjector(
                        new NetworkModule(Node.alice()),
                        new NetworkModule(Node.bob()),
                        new NioTransportModule(NioTransport.builder().loops(1)),
                        new GracefulPolicyModule(),
                        new TimedDrainPolicyModule().forNetwork("alice"))
                .getInstance(Node.class)
                .run();
    }
}
