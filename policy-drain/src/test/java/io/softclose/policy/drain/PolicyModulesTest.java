/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.drain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.inject.Guice;
import com.google.inject.Module;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Network;
import io.softclose.net.ProtocolId;
import io.softclose.net.guice.NetworkModule;
import io.softclose.net.testkit.fake.FakeTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The policies as parts of what Guice assembles. */
class PolicyModulesTest {
    @ParameterizedTest
    @MethodSource
    void connectionsCloseUnderThePolicyThatIsInstalled(String name, Module module) {
        FakeTransport transport = new FakeTransport();
        transport.dialsHang();
        Network network = Guice.createInjector(
                        NetworkModule.builder()
                                .support(ProtocolId.MEMPOOL_DIRECT_SEND)
                                .transport(transport)
                                .build(),
                        module)
                .getInstance(Network.class);
        Connection connection = network.dial(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));

        CompletableFuture<CloseReport> closed = connection.close().toCompletableFuture();
        transport.loop().runReady();

        assertEquals(name, closed.join().policy());
        transport.verifyNoLeaks();
    }

    static Stream<Arguments> connectionsCloseUnderThePolicyThatIsInstalled() {
        return Stream.of(
                Arguments.of("drop", new DropPolicyModule()),
                Arguments.of("drop", new DropPolicyModule(DropPolicy.builder().build())),
                Arguments.of("timed-drain", new TimedDrainPolicyModule()),
                Arguments.of(
                        "timed-drain",
                        new TimedDrainPolicyModule(TimedDrainPolicy.builder().build())),
                Arguments.of("graceful", new GracefulPolicyModule()),
                Arguments.of(
                        "graceful",
                        new GracefulPolicyModule(GracefulPolicy.builder().build())));
    }
}
