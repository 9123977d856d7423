/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import static java.util.Objects.requireNonNull;

import io.softclose.bench.Payloads;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.Journal;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.DisconnectReason;
import io.softclose.net.Limits;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkEvents;
import io.softclose.net.Outcome;
import io.softclose.net.SendResult;
import io.softclose.net.health.HealthChecker;
import io.softclose.net.health.HealthSettings;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.Transport;
import io.softclose.net.tls.PeerTrust;
import io.softclose.net.tls.TlsIdentity;
import io.softclose.net.tls.TlsSettings;
import io.softclose.net.tls.TlsTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One node with one connection, in a process of its own: does what the lines of its standard input say, prints what a
 * test waits for, and writes everything down in its journal. Dies with its standard input.
 */
final class KernelNode implements NetworkEvents {
    /** Room for every scenario's backlog. */
    private static final Limits LIMITS =
            Limits.builder().outboxMessages(1 << 15).maxInboundConnections(1).build();

    /** So quick that a test can wait for it. */
    static final HealthSettings HEALTH = HealthSettings.builder()
            .interval(Duration.ofMillis(500))
            .timeout(Duration.ofSeconds(1))
            .build();

    private static final long TALK_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final int TALK_SIZE = 256;

    private final Network network;
    private final ClosePolicy policy;
    private final ReportWriter reports;
    private final Journal journal;
    private final Map<Integer, Message> sent = new ConcurrentHashMap<>();
    private final AtomicInteger handled = new AtomicInteger();
    private final HealthChecker checker = new HealthChecker(HEALTH);
    private volatile int announceAt = -1;
    /** Whether a call of close has returned. */
    private volatile boolean closing;

    private volatile @Nullable Connection connection;
    /** Guarded by this. */
    private int nextSequence;

    private KernelNode(Transport transport, ClosePolicy policy, Journal journal) {
        this.policy = policy;
        this.journal = journal;
        reports = new ReportWriter(journal, sent);
        NetworkBuilder builder = Network.builder()
                .plaintext()
                .transport(transport)
                .closePolicy(policy)
                .limits(LIMITS)
                .events(this);
        Cargo.PROTOCOLS.forEach(protocol -> builder.handle(protocol, this::received));
        checker.join(builder);
        network = builder.build();
    }

    /** Runs until the standard input ends: transport, size of socket buffers, whether with TLS, policy, journal. */
    public static void main(String[] args) throws IOException {
        Transport bare = AnyTransport.valueOf(args[0]).open(Integer.parseInt(args[1]));
        KernelNode node = new KernelNode(
                Boolean.parseBoolean(args[2]) ? secured(bare) : bare,
                AnyPolicy.valueOf(args[3]).policy(),
                Journal.create(Path.of(args[4])));
        print("ready");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                node.obey(line.split(" "));
            }
        }
        Runtime.getRuntime().halt(0);
    }

    /** With a key of its own that any peer trusts. */
    private static Transport secured(Transport bare) {
        return TlsTransport.over(bare, TlsSettings.of(TlsIdentity.fresh(), PeerTrust.anyone()));
    }

    private void obey(String[] words) throws IOException {
        switch (words[0]) {
            case "listen" -> {
                InetSocketAddress any = new InetSocketAddress(words[1], 0);
                InetSocketAddress bound =
                        (InetSocketAddress) network.listen(any).localAddress();
                print("listening " + bound.getPort());
            }
            case "dial" -> network.dial(new InetSocketAddress(words[1], Integer.parseInt(words[2])));
            case "send" -> {
                send(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
                print("sent");
            }
            case "talk" -> new Thread(this::talk, "talking").start();
            case "check" -> checker.start(network);
            case "announce" -> announceAt(Integer.parseInt(words[1]));
            case "close" -> close(Duration.ofMillis(Long.parseLong(words[1])));
            default -> throw new IllegalArgumentException("unknown command: " + words[0]);
        }
    }

    /** Sends so many messages of this size, without waiting for any of them. */
    private void send(int count, int size) {
        for (int i = 0; i < count; i++) {
            SendResult result = offer(size);
            if (!result.accepted()) {
                throw new IllegalStateException("message " + i + " of " + count + " was refused: " + result);
            }
        }
    }

    /** Sends small messages, one after the other, until the connection takes no more. */
    private void talk() {
        SendResult result = offer(TALK_SIZE);
        print("talking");
        while (result == SendResult.ACCEPTED || result == SendResult.OUTBOX_FULL) {
            LockSupport.parkNanos(TALK_PAUSE_NANOS);
            result = offer(TALK_SIZE);
        }
    }

    private synchronized SendResult offer(int size) {
        Message message = Cargo.message(nextSequence, size);
        sent.put(nextSequence, message);
        boolean late = closing;
        SendResult result = openConnection().send(message, this::ended);
        if (result.accepted()) {
            journal.add(late ? Journal.Kind.ACCEPTED_LATE : Journal.Kind.ACCEPTED, nextSequence);
            nextSequence++;
        }
        return result;
    }

    private void ended(Message message, Outcome outcome) {
        journal.add(Journal.Kind.TOLD, Journal.code(outcome), Payloads.sequence(message));
    }

    /** Prints "handled" once the handler has had so many messages. */
    private void announceAt(int count) {
        announceAt = count;
        if (handled.get() >= count) {
            print("handled");
        }
    }

    private void received(Connection from, Message message) {
        if (Payloads.intact(message)) {
            journal.add(Journal.Kind.ARRIVED, Payloads.sequence(message));
        } else {
            journal.add(Journal.Kind.DAMAGED, message.size());
        }
        if (handled.incrementAndGet() == announceAt) {
            print("handled");
        }
    }

    private void close(Duration limit) {
        DisconnectReason reason = DisconnectReason.REQUESTED_BY_PEER_MANAGER;
        Duration planned = policy.plan(reason).deadline();
        Duration deadline = planned.compareTo(limit) < 0 ? planned : limit;
        journal.add(Journal.Kind.DEADLINE, deadline.toNanos());
        Connection toClose = openConnection();
        toClose.close(reason, deadline);
        closing = true;
        print("closing");
        // One try that a policy which seals must refuse.
        offer(TALK_SIZE);
    }

    @Override
    public void connected(Connection opened) {
        connection = opened;
        print("open");
    }

    @Override
    public void disconnected(Connection closed, CloseReport report) {
        reports.write(report);
        print("reason " + report.reason());
        print("closed " + report.ending() + ": " + report.detail());
    }

    @Override
    public void callbackFailed(Connection where, String callback, Throwable failure) {
        journal.add(Journal.Kind.CALLBACK_FAILED, 0);
        NetworkEvents.super.callbackFailed(where, callback, failure);
    }

    private Connection openConnection() {
        return requireNonNull(connection, "connection");
    }

    private static void print(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
