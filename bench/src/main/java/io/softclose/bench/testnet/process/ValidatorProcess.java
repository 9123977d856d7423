/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.process;

import static java.util.Objects.requireNonNull;

import io.softclose.bench.Failures;
import io.softclose.bench.identity.IdentityFile;
import io.softclose.bench.identity.Password;
import io.softclose.bench.node.Signals;
import io.softclose.bench.testnet.consensus.ValidatorStore;
import io.softclose.bench.testnet.figures.MessageTally;
import io.softclose.bench.testnet.figures.NetworkWitness;
import io.softclose.bench.testnet.node.NodeSettings;
import io.softclose.bench.testnet.node.ValidatorNode;
import io.softclose.bench.testnet.process.ToldLines.Teller;
import io.softclose.net.tls.TlsIdentity;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A validator in a process of its own: does what the lines of its standard input say, and prints all that happens to it. Ends with its standard
 * input, or when nobody reads its output, so it never outlives whoever started it.
 */
public final class ValidatorProcess {
    /** How often it says what became of its messages, if anything has. */
    private static final long ACCOUNT_NANOS = Duration.ofMillis(50).toNanos();

    private final Lines lines = new Lines(new FileOutputStream(FileDescriptor.out), ValidatorProcess::end);
    private final Teller teller = new Teller(lines, System::nanoTime);

    private @Nullable ValidatorNode node;
    /** Guarded by this: its last account is told. */
    private boolean over;

    private ValidatorProcess() {}

    /** Runs until its standard input ends. */
    public static void main(String[] args) throws IOException {
        Signals.ignoreInterrupt();
        // What is done to validators on purpose is not worth a line.
        Logger.getLogger("").setLevel(Level.SEVERE);
        new ValidatorProcess().run();
        end();
    }

    /** At once: whoever would have been told is no more. */
    private static void end() {
        Runtime.getRuntime().halt(0);
    }

    private void run() throws IOException {
        lines.say("ready " + System.nanoTime());
        try (BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String command = commands.readLine(); command != null; command = commands.readLine()) {
                try {
                    obey(command);
                } catch (IOException | RuntimeException failure) {
                    lines.say("failed " + Failures.describe(failure));
                }
            }
        }
    }

    private void obey(String command) throws IOException {
        String[] words = command.split(" ");
        switch (words[0]) {
            case "open" -> open(Path.of(decoded(words[1])), Path.of(decoded(words[2])), words[3], command);
            case "connect" -> node().connect(addresses(words));
            case "start" -> node().start();
            case "distrust" -> node().distrust(Integer.parseInt(words[1]));
            case "trust" -> node().trust(Integer.parseInt(words[1]));
            case "shutdown" -> shutdown(Duration.ofMillis(Long.parseLong(words[1])));
            default -> throw new IllegalArgumentException("command: \"" + command + "\" (expected: one that is known)");
        }
    }

    private ValidatorNode node() {
        return requireNonNull(node, "open comes first");
    }

    private void open(Path keyStore, Path store, String host, String settings) throws IOException {
        TlsIdentity identity = IdentityFile.read(keyStore, Password.of(Optional.empty(), Map.of()));
        ValidatorNode opened = ValidatorNode.open(
                identity,
                NodeSettings.parse(settings),
                new InetSocketAddress(host, 0),
                ValidatorStore.in(store),
                teller,
                new NetworkWitness(teller),
                Optional.empty());
        node = opened;
        lines.say("listening " + opened.address().getPort());
        Thread watching = new Thread(() -> watch(opened), "softclose-validator-watch");
        watching.setDaemon(true);
        watching.start();
    }

    private void watch(ValidatorNode watched) {
        long connected = 0;
        MessageTally messages = MessageTally.NONE;
        while (true) {
            LockSupport.parkNanos(ACCOUNT_NANOS);
            synchronized (this) {
                if (over) {
                    return;
                }
                long connectedNow = watched.connected();
                if (connectedNow != connected) {
                    connected = connectedNow;
                    lines.say("connections " + connected);
                }
                MessageTally now = watched.messages();
                if (!now.equals(messages)) {
                    messages = now;
                    teller.account(now);
                }
            }
        }
    }

    private static Map<Integer, InetSocketAddress> addresses(String[] words) {
        Map<Integer, InetSocketAddress> addresses = new HashMap<>();
        for (int index = 1; index < words.length; index++) {
            String[] entry = words[index].split("=", 2);
            int colon = entry[1].lastIndexOf(':');
            addresses.put(
                    Integer.parseInt(entry[0]),
                    new InetSocketAddress(
                            entry[1].substring(0, colon), Integer.parseInt(entry[1].substring(colon + 1))));
        }
        return addresses;
    }

    private void shutdown(Duration budget) {
        ValidatorNode ending = node();
        var unused = ending.shutdown(budget).whenComplete((done, failure) -> {
            synchronized (this) {
                over = true;
                teller.account(ending.messages());
                lines.say(failure == null ? "ended" : "failed " + Failures.describe(failure));
            }
            end();
        });
    }

    /** A path as one word. */
    static String encoded(Path path) {
        return URLEncoder.encode(path.toString(), StandardCharsets.UTF_8);
    }

    private static String decoded(String word) {
        return URLDecoder.decode(word, StandardCharsets.UTF_8);
    }
}
