/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.throughput;

import io.softclose.bench.baseline.MessageStream;
import io.softclose.bench.lab.Commands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalInt;

/** Sends, until it is told to end, or its input ends. Prints {@code dialled}; told {@code send N}, sends as many messages. */
final class SendingProcess {
    private SendingProcess() {}

    /**
     * Runs it.
     *
     * @param arguments the way's name, the port on the loopback interface, and the words of the terms
     */
    public static void main(String[] arguments) throws Exception {
        Commands commands = Commands.read();
        List<String> words = List.of(arguments);
        Terms terms = Terms.of(words.subList(2, words.size()));
        InetSocketAddress address =
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(words.get(1)));
        try (MessageStream stream = Ways.named(words.get(0)).dial(terms, address)) {
            System.out.println("dialled");
            for (OptionalInt told = commands.next("send"); told.isPresent(); told = commands.next("send")) {
                send(stream, told.getAsInt(), terms);
            }
        }
        System.out.println(Commands.ENDED);
    }

    private static void send(MessageStream stream, int messages, Terms terms) throws IOException, InterruptedException {
        byte[] shared = new byte[terms.payloadBytes()];
        for (int left = messages; left > 0; left--) {
            stream.send(terms.ownPayloads() ? new byte[terms.payloadBytes()] : shared);
        }
        stream.flush();
    }
}
