/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.inject.Guice;
import io.softclose.net.Connection;
import io.softclose.net.LaneAccount;
import io.softclose.net.Network;
import io.softclose.net.ProtocolId;
import io.softclose.net.guice.NetworkModule;
import io.softclose.net.testkit.fake.FakeTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The policy as a part of what Guice assembles. */
class ConsensusPriorityModuleTest {
    @Test
    void connectionsHaveTheLanesOfThePolicyThatIsInstalled() {
        FakeTransport transport = new FakeTransport();
        transport.dialsHang();
        Network network = Guice.createInjector(
                        NetworkModule.builder()
                                .support(ProtocolId.CONSENSUS_DIRECT_SEND_BCS)
                                .transport(transport)
                                .build(),
                        new ConsensusPriorityModule())
                .getInstance(Network.class);

        Connection connection = network.dial(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));

        List<String> lanes =
                connection.account().lanes().stream().map(LaneAccount::lane).toList();
        assertEquals(List.of("critical", "recoverable", "bulk"), lanes);
        connection.close();
        transport.loop().runReady();
        transport.verifyNoLeaks();
    }
}
