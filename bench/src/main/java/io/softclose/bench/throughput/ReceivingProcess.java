/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput;

import io.softclose.bench.baseline.Receiver;
import io.softclose.bench.baseline.Tally;
import io.softclose.bench.lab.Commands;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalInt;

/**
 * Receives, until it is told to end, or its input ends. Prints {@code listening PORT}; told {@code expect N}, prints {@code ready}, and
 * {@code had} when as many messages more have been handled.
 */
final class ReceivingProcess {
    private ReceivingProcess() {}

    /**
     * Runs it.
     *
     * @param arguments the way's name, and the words of its terms
     */
    public static void main(String[] arguments) throws Exception {
        Commands commands = Commands.read();
        List<String> words = List.of(arguments);
        Terms terms = Terms.of(words.subList(1, words.size()));
        Tally tally = new Tally();
        try (Receiver receiver = Ways.named(words.get(0)).listen(terms, tally)) {
            System.out.println("listening " + ((InetSocketAddress) receiver.address()).getPort());
            for (OptionalInt expected = commands.next("expect");
                    expected.isPresent();
                    expected = commands.next("expect")) {
                tally.expect(expected.getAsInt());
                System.out.println("ready");
                tally.await();
                System.out.println("had");
            }
        }
        System.out.println(Commands.ENDED);
    }
}
