/* SPDX-License-Identifier: Apache-2.0 */
package assembled;

import com.google.inject.Guice;
import io.softclose.net.guice.NetworkModule;
import io.softclose.net.netty.IoKind;
import io.softclose.net.netty.NettyTransport;
import io.softclose.net.netty.NettyTransportModule;
import io.softclose.policy.drain.GracefulPolicyModule;
import io.softclose.policy.drain.TimedDrainPolicyModule;

/** Runs over a native library of Netty's, which is an error if it is not found. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        Guice.createInjector(
                        new NetworkModule(Node.alice()),
                        new NetworkModule(Node.bob()),
                        new NettyTransportModule(NettyTransport.builder().io(IoKind.IO_URING)).forNetwork("alice"),
                        new NettyTransportModule(NettyTransport.builder().io(IoKind.EPOLL)).forNetwork("bob"),
                        new GracefulPolicyModule(),
                        new TimedDrainPolicyModule().forNetwork("alice"))
                .getInstance(Node.class)
                .run();
    }
}
