/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput;

import io.softclose.bench.baseline.Receiver;
import io.softclose.bench.baseline.Tally;
import java.net.InetSocketAddress;

/**
 * Receives, until its input ends. Prints {@code listening PORT}; told {@code expect N}, prints {@code ready}, and {@code
 * had} when as many messages more have been handled.
 */
final class ReceivingProcess {
    private ReceivingProcess() {}

    /**
     * Runs it.
     *
     * @param arguments the way's name
     */
    public static void main(String[] arguments) throws Exception {
        Commands commands = Commands.read();
        Tally tally = new Tally();
        try (Receiver receiver = Way.valueOf(arguments[0]).listen(tally)) {
            System.out.println("listening " + ((InetSocketAddress) receiver.address()).getPort());
            while (true) {
                tally.expect(commands.next("expect"));
                System.out.println("ready");
                tally.await();
                System.out.println("had");
            }
        }
    }
}
