/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.softclose.bench.ExitCode;
import io.softclose.bench.identity.IdentityFile;
import io.softclose.bench.identity.Password;
import io.softclose.net.PeerId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code testnet --index}: one validator, whose others are started by somebody else. */
@Timeout(120)
class OneValidatorTest {
    private static final int VALIDATORS = 4;

    @TempDir
    Path directory;

    private final List<PeerId> ids = new ArrayList<>();
    private List<Integer> ports;

    @BeforeEach
    void makeKeysAndFindPorts() throws IOException {
        for (int index = 0; index < VALIDATORS; index++) {
            ids.add(IdentityFile.create(keyStore(index), Password.of(Optional.empty(), Map.of()))
                    .peerId());
        }
        ports = freePorts();
    }

    private Path keyStore(int index) {
        return directory.resolve(index + ".p12");
    }

    /** All at a time, so that they differ. */
    private static List<Integer> freePorts() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int index = 0; index < VALIDATORS; index++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private String peers() {
        return String.join(
                ",",
                IntStream.range(0, VALIDATORS)
                        .mapToObj(index -> ids.get(index) + "@127.0.0.1:" + ports.get(index))
                        .toList());
    }

    private Invocation run(int index, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "testnet",
                "--index",
                Integer.toString(index),
                "--peers",
                peers(),
                "--tls-keystore",
                keyStore(index).toString()));
        words.addAll(List.of(more));
        return Invocation.of(words.toArray(String[]::new));
    }

    @Test
    void fourOnOneHostCommitBlocksAndEachTellsWhatItSaw() throws Exception {
        ExecutorService hosts = Executors.newFixedThreadPool(VALIDATORS);
        try {
            List<Future<Invocation>> runs = IntStream.range(0, VALIDATORS)
                    .mapToObj(index -> hosts.submit(() -> run(
                            index,
                            "--duration=2s",
                            "--latency=2ms",
                            "--load=0",
                            "--store=" + directory.resolve(index + ".store"),
                            "--json=" + directory.resolve(index + ".json"))))
                    .toList();
            for (int index = 0; index < VALIDATORS; index++) {
                Invocation one = runs.get(index).get();
                assertEquals(ExitCode.OK.code(), one.exitCode(), one.out() + one.err());
                assertTrue(
                        one.out()
                                .startsWith(
                                        "validator " + index + " of 4, TLS over nio, graceful with hand-over, 2.0 s"),
                        one.out());
                JsonNode json = new ObjectMapper()
                        .readTree(directory.resolve(index + ".json").toFile());
                JsonNode seen = json.get("runs").get(0);
                assertTrue(seen.get("rounds").longValue() > 0, json.toString());
                assertTrue(seen.get("votes").get("sent").longValue() > 0, json.toString());
                assertTrue(seen.get("votes").get("silent").isNull(), json.toString());
                assertTrue(Files.size(directory.resolve(index + ".store")) > 0);
            }
        } finally {
            hosts.shutdownNow();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    --index=4;                index: 4 (expected: 0 to 3, a place in --peers)
                    --index=-1;               index: -1 (expected: 0 to 3, a place in --peers)
                    --listen=unix:/run/x;     listen: "unix:/run/x" (expected: HOST:PORT or [IPV6]:PORT)
                    --listen=nowhere.invalid:1; listen: "nowhere.invalid:1": nobody knows this host
                    --faults=none;            faults: with --index (expected: without;
                    --bandwidth=1;            bandwidth: with --index (expected: without;
                    --fault-script=any.txt;   fault-script: with --index (expected: without;
                    --print-faults;           print-faults: with --index (expected: without;
                    --processes;              processes: with --index (expected: one of the two
                    --netns;                  netns: with --index (expected: one of the two
                    --policy=drop,graceful;   policy: drop,graceful (expected: one with --index
                    --handover=both;          handover: both (expected: one with --index
                    --tls-password-file=/x;   tls-password-file: "/x"
                    --store=/;                store:
                    --duration=0s;            duration:
                    """)
    void aWrongOptionIsRefusedInOneLine(String option, String complaint) {
        List<String> words = new ArrayList<>(List.of("testnet"));
        Stream.of("--index=0", "--peers=" + peers(), "--tls-keystore=" + keyStore(0), option)
                .filter(word -> !word.equals("--index=0") || !option.startsWith("--index"))
                .forEach(words::add);

        refused(Invocation.of(words.toArray(String[]::new)), complaint);
    }

    @Test
    void aKeyOfSomebodyElseIsRefused() {
        Invocation stranger =
                Invocation.of("testnet", "--index=0", "--peers=" + peers(), "--tls-keystore=" + keyStore(1));

        refused(
                stranger,
                "tls-keystore: \"" + keyStore(1) + "\" is of " + ids.get(1) + " (expected: of validator 0 of --peers, "
                        + ids.get(0) + ")");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    nobody;                Invalid value for option '--peers' (PEERID@HOST:PORT)
                    nobody@127.0.0.1:6180; Invalid value for option '--peers' (PEERID@HOST:PORT)
                    """)
    void aPeerThatIsNoneIsRefused(String peer, String complaint) {
        refused(Invocation.of("testnet", "--index=0", "--peers=" + peer), complaint);
    }

    @Test
    void peersAreDifferentAndHaveAPort() {
        String one = ids.get(0) + "@127.0.0.1:1";
        refused(
                of(one + "," + ids.get(0) + "@127.0.0.1:2"),
                "peers: " + ids.get(0) + " twice (expected: each validator once)");
        refused(
                of(one + "," + ids.get(1) + "@127.0.0.1:1"),
                "peers: 127.0.0.1:1 twice (expected: an address of its own for each)");
        refused(of(one), "peers: 1 (expected: with --index all validators, 2 to 64, each as PEERID@HOST:PORT)");
        refused(of(one + "," + ids.get(1) + "@127.0.0.1:0"), "Invalid value for option '--peers' (PEERID@HOST:PORT)");
    }

    private Invocation of(String peers) {
        return Invocation.of("testnet", "--index=0", "--peers=" + peers, "--tls-keystore=" + keyStore(0));
    }

    @Test
    void whatIsForOneAloneIsRefusedWithoutAnIndex() {
        refused(
                Invocation.of("testnet", "--peers=" + peers()),
                "peers: without --index (expected: --index I, to run one validator alone)");
        refused(
                Invocation.of("testnet", "--tls-keystore=" + keyStore(0)),
                "tls-keystore: without --index (expected: --index I, to run one validator alone)");
    }

    @Test
    void withoutAKeyNobodyIsWhoTheySay() {
        refused(
                Invocation.of("testnet", "--index=0", "--peers=" + peers()),
                "tls-keystore: none (expected: --tls-keystore FILE, with the key of this validator)");
    }

    private static void refused(Invocation invocation, String complaint) {
        assertEquals(ExitCode.USAGE.code(), invocation.exitCode(), invocation.err());
        assertTrue(invocation.err().startsWith(complaint), invocation.err());
        assertEquals(1, invocation.err().lines().count(), invocation.err());
    }
}
