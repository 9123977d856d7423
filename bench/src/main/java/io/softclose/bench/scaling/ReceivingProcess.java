/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.scaling;

import io.softclose.bench.lab.Commands;
import io.softclose.bench.lab.Commands.Told;
import io.softclose.bench.lab.LiveHeap;
import io.softclose.net.Message;
import io.softclose.net.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Accepts, and counts what comes on each connection, until it is told to end, or its input ends. Prints {@code listening PORT}. Told
 * {@code open N}, it takes so many connections for granted from now on; {@code expect N}, it prints {@code ready}, and when each has had
 * as many messages {@code had N}, what the least served one had when the first had all; {@code live}, it prints {@code live BYTES}.
 */
final class ReceivingProcess {
    static final String LISTENING = "listening";
    static final String EXPECT = "expect";
    static final String READY = "ready";
    static final String HAD = "had";
    static final String LIVE = "live";

    private volatile Shares shares = new Shares(1, 1);
    private int connections = 1;

    private ReceivingProcess() {}

    /**
     * Runs it.
     *
     * @param arguments the transport's name, and how many connections there will be at most
     */
    public static void main(String[] arguments) throws Exception {
        new ReceivingProcess().run(Commands.read(), arguments[0], Integer.parseInt(arguments[1]));
    }

    private void run(Commands commands, String transport, int most) throws Exception {
        Network network = Ends.network(transport, most, (from, message) -> handle(message));
        InetSocketAddress address =
                (InetSocketAddress) network.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .localAddress();
        System.out.println(LISTENING + " " + address.getPort());
        for (Told told = commands.next(); !told.word().equals(Commands.END); told = commands.next()) {
            switch (told.word()) {
                case SendingProcess.OPEN -> connections = told.number();
                case EXPECT -> expect(told.number());
                case LIVE -> System.out.println(LIVE + " " + LiveHeap.bytes());
                default ->
                    throw new IllegalStateException(
                            "told \"" + told.word() + "\" (expected: open, expect, live or end)");
            }
        }
        Ends.end(network);
        System.out.println(Commands.ENDED);
    }

    private void handle(Message message) {
        shares.handled(Ends.connection(message));
    }

    private void expect(int share) throws InterruptedException {
        Shares expected = new Shares(connections, share);
        shares = expected;
        System.out.println(READY);
        System.out.println(HAD + " " + expected.await(Ends.PATIENCE));
    }
}
