/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput;

import io.softclose.bench.baseline.MessageStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Sends, until its input ends. Prints {@code dialled}; told {@code send N}, sends as many messages. */
final class SendingProcess {
    private SendingProcess() {}

    /**
     * Runs it.
     *
     * @param arguments the way's name, the port on the loopback interface, and the payload in bytes
     */
    public static void main(String[] arguments) throws Exception {
        Commands commands = Commands.read();
        byte[] payload = new byte[Integer.parseInt(arguments[2])];
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[1]));
        try (MessageStream stream = Way.valueOf(arguments[0]).dial(address)) {
            System.out.println("dialled");
            while (true) {
                for (int left = commands.next("send"); left > 0; left--) {
                    stream.send(payload);
                }
                stream.flush();
            }
        }
    }
}
