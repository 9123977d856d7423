/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.scaling;

import io.softclose.bench.lab.Commands;
import io.softclose.bench.lab.Commands.Told;
import io.softclose.bench.lab.LiveHeap;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.SendResult;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Dials, and sends on all connections from one thread, until it is told to end, or its input ends. Told {@code open N}, it opens
 * connections until there are so many, and prints {@code opened}; {@code send N}, it sends as many messages on each; {@code live}, it
 * prints {@code live BYTES}.
 */
final class SendingProcess {
    static final String OPEN = "open";
    static final String OPENED = "opened";
    static final String SEND = "send";

    /** So many are dialled at a time: fewer than may shake hands. */
    private static final int DIALS = 64;

    /** So many messages are sent on a connection before it is another's turn. */
    private static final int TURN = 64;

    private final Network network;
    private final InetSocketAddress address;
    private final int size;
    private final List<Connection> connections = new ArrayList<>();
    private final List<byte[]> payloads = new ArrayList<>();
    /** The numbers of connections that had no room, and have some again. */
    private final BlockingQueue<Integer> room = new LinkedBlockingQueue<>();

    private SendingProcess(String transport, int port, int size) {
        network = Ends.network(transport, 1, (from, message) -> {});
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.size = size;
    }

    /**
     * Runs it.
     *
     * @param arguments the transport's name, the port on the loopback interface, and the payload in bytes
     */
    public static void main(String[] arguments) throws Exception {
        Commands commands = Commands.read();
        new SendingProcess(arguments[0], Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2])).run(commands);
    }

    private void run(Commands commands) throws InterruptedException {
        for (Told told = commands.next(); !told.word().equals(Commands.END); told = commands.next()) {
            switch (told.word()) {
                case OPEN -> open(told.number());
                case SEND -> sendOnEach(told.number());
                case ReceivingProcess.LIVE -> System.out.println(ReceivingProcess.LIVE + " " + LiveHeap.bytes());
                default ->
                    throw new IllegalStateException("told \"" + told.word() + "\" (expected: open, send, live or end)");
            }
        }
        Ends.end(network);
        System.out.println(Commands.ENDED);
    }

    private void open(int wanted) {
        while (connections.size() < wanted) {
            int from = connections.size();
            for (int number = from; number < Math.min(wanted, from + DIALS); number++) {
                connections.add(network.dial(address));
                payloads.add(Ends.payload(number, size));
            }
            connections
                    .subList(from, connections.size())
                    .forEach(connection ->
                            connection.opened().toCompletableFuture().join());
        }
        System.out.println(OPENED);
    }

    /** To each in turn; one without room is left out until it tells of some. */
    private void sendOnEach(int share) throws InterruptedException {
        int[] left = new int[connections.size()];
        Arrays.fill(left, share);
        Deque<Integer> ready = new ArrayDeque<>();
        for (int number = 0; number < left.length; number++) {
            ready.add(number);
        }
        int unfinished = left.length;
        while (unfinished > 0) {
            room.drainTo(ready);
            int number = ready.isEmpty() ? awaitRoom() : ready.remove();
            int turn = Math.min(TURN, left[number]);
            int sent = send(number, turn);
            left[number] -= sent;
            if (left[number] == 0) {
                unfinished--;
            } else if (sent == turn) {
                ready.add(number);
            } else {
                var unused = connections.get(number).onRoom(Ends.message(payloads.get(number)), () -> room.add(number));
            }
        }
    }

    private int awaitRoom() throws InterruptedException {
        Integer number = room.poll(Ends.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        if (number == null) {
            throw new IllegalStateException("no connection had room for " + Ends.PATIENCE + " (expected: soon)");
        }
        return number;
    }

    /** Sends so many, or as many as there is room for; says how many those were. */
    private int send(int number, int turn) {
        Connection connection = connections.get(number);
        for (int sent = 0; sent < turn; sent++) {
            Message message = Ends.message(payloads.get(number));
            SendResult result = connection.send(message);
            if (result == SendResult.OUTBOX_FULL) {
                return sent;
            }
            if (!result.accepted()) {
                throw new IllegalStateException("send: " + result + " (expected: " + SendResult.ACCEPTED + ")");
            }
        }
        return turn;
    }
}
