/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.ExitCode;
import io.softclose.bench.node.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    private static final List<String> SEND = send("127.0.0.1:1", "1", "1");
    private static final List<String> REQUEST =
            List.of("request", "--to", "127.0.0.1:1", "--count", "1", "--size", "1");
    private static final List<String> NODE = List.of("node", "--listen", "127.0.0.1:0");
    private static final String PEER = "ab".repeat(32);
    private static final String ABSENT =
            Path.of("no", "such", "directory", "file").toString();
    private static final List<String> COMPARE = List.of("compare");

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(List.of(), send("127.0.0.1:1", "-1", "1"), "count: -1 (expected: 0 to 2147483647)"),
                Arguments.of(List.of(), send("127.0.0.1:1", "many", "1"), "'many' is not an int"),
                Arguments.of(List.of(), send("127.0.0.1:1", "1", "-1"), "size: -1 (expected: 0 to 67108864)"),
                Arguments.of(
                        List.of(), send("127.0.0.1:1", "1", "67108865"), "size: 67108865 (expected: 0 to 67108864)"),
                Arguments.of(SEND, List.of("--priority", "256"), "priority: 256 (expected: 0 to 255)"),
                Arguments.of(SEND, List.of("--timeout", "0s"), "timeout: 0 (expected: > 0)"),
                Arguments.of(
                        List.of(), send("here", "1", "1"), "address: \"here\" (expected: HOST:PORT, [IPV6]:PORT or"),
                Arguments.of(List.of(), send("127.0.0.1:0", "1", "1"), "port: 0 (expected: 1 to 65535)"),
                Arguments.of(SEND, List.of("--close-after", "soon"), "duration: \"soon\" (expected: for example 500ms"),
                Arguments.of(
                        SEND, List.of("--protocol", "Gossip"), "protocol: \"Gossip\" (expected: one of [Consensus"),
                Arguments.of(SEND, List.of("--protocol", "Unknown"), "protocol: \"Unknown\" (expected: one of"),
                Arguments.of(SEND, List.of("--chain-id", "0"), "chainId: 0 (expected: 1 to 255)"),
                Arguments.of(
                        SEND, List.of("--network-id", "main"), "network id: \"main\" (expected: validator, public"),
                Arguments.of(SEND, List.of("--policy", "hope"), "policy: \"hope\" (expected: one of "),
                Arguments.of(NODE, List.of("--transport", "pigeon"), "transport: \"pigeon\" (expected: one of "),
                Arguments.of(
                        List.of(),
                        List.of("node", "--listen", "::1:9"),
                        "address: \"::1:9\" (expected: HOST:PORT, [IPV6]"),
                Arguments.of(NODE, List.of("--loud"), "Unknown option: '--loud'"),
                Arguments.of(
                        COMPARE,
                        List.of("--policy", "drop,hope"),
                        "policy: \"hope\" (expected: one of consensus-priority, drop, "),
                Arguments.of(COMPARE, List.of("--scenario", "none"), "scenario: \"none\" (expected: one of proof-of-"),
                Arguments.of(COMPARE, List.of("--reader", "x"), "reader: \"x\" (expected: one of fast, slow, stalled,"),
                Arguments.of(COMPARE, List.of("--json", "/"), "json: \"/\" (expected: a file in a writable directory)"),
                Arguments.of(NODE, List.of("--shutdown-budget", "-1s"), "duration: \"-1s\" (expected: for example"),
                Arguments.of(List.of("chaos"), List.of("--rounds", "0"), "rounds: 0 (expected: > 0)"),
                Arguments.of(List.of("chaos"), List.of("--transport", "pigeon"), "expected one of [NIO, NETTY_NIO, "),
                Arguments.of(SEND, List.of("--expect", "bob"), "peer id: \"bob\" (expected: 64 hexadecimal digits"),
                Arguments.of(SEND, List.of("--expect", PEER), "tls-keystore: none (expected: --tls-keystore FILE; in"),
                Arguments.of(NODE, List.of("--trust", PEER + "," + PEER), "tls-keystore: none (expected: --tls-key"),
                Arguments.of(NODE, List.of("--tls-truststore", "x"), "tls-keystore: none (expected: --tls-keystore"),
                Arguments.of(NODE, List.of("--tls-password-file", "x"), "tls-keystore: none (expected: --tls-keys"),
                Arguments.of(NODE, List.of("--tls-keystore", ABSENT), "tls-keystore: \"" + ABSENT + "\": there is no"),
                Arguments.of(
                        NODE,
                        List.of("--tls-keystore", "x", "--tls-password-file", ABSENT),
                        "tls-password-file: \"" + ABSENT + "\": there is no such file"),
                Arguments.of(List.of("peer-id"), List.of(ABSENT), "\"" + ABSENT + "\": there is no such file"),
                Arguments.of(List.of("peer-id"), List.of(), "Missing required parameter: 'FILE'"),
                Arguments.of(List.of("identity"), List.of(ABSENT), "\"" + ABSENT + "\": has no directory (expected"),
                Arguments.of(List.of("identity"), List.of("."), "\".\": is there already (expected: a new file"),
                Arguments.of(REQUEST, List.of("--in-flight", "0"), "in-flight: 0 (expected: 1 to 1048576)"),
                Arguments.of(REQUEST, List.of("--timeout", "0s"), "timeout: 0 (expected: > 0)"),
                Arguments.of(REQUEST, List.of("--protocol", "Unknown"), "protocol: \"Unknown\" (expected: one of"),
                Arguments.of(REQUEST, List.of("--expect", PEER), "tls-keystore: none (expected: --tls-keystore FILE"),
                Arguments.of(List.of("request"), List.of(), "Missing required options: '--to=ADDRESS', '--count=N'"),
                Arguments.of(List.of("send"), List.of(), "Missing required options: '--to=ADDRESS', '--count=N'"),
                Arguments.of(List.of("node"), List.of(), "Missing required option: '--listen=ADDRESS'"),
                Arguments.of(
                        List.of("benchmark"), List.of(), "command: \"benchmark\" (expected: one of compare, node, "));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aUsageErrorSaysWhatWasExpected(List<String> command, List<String> options, String message) {
        Invocation invocation =
                Invocation.of(Stream.concat(command.stream(), options.stream()).toArray(String[]::new));

        assertEquals(ExitCode.USAGE.code(), invocation.exitCode());
        assertTrue(invocation.err().contains(message), invocation.err());
        assertEquals("", invocation.out());
    }

    static Stream<Arguments> misspelt() {
        return Stream.of(
                Arguments.of(List.of("compar"), "; did you mean compare? See --help"),
                Arguments.of(List.of("compare", "--polcy", "drop"), "; did you mean --policy? See compare --help"),
                Arguments.of(
                        Stream.concat(NODE.stream(), Stream.of("--ecko")).toList(),
                        "Unknown option: '--ecko'; did you mean --echo? See node --help"));
    }

    @ParameterizedTest
    @MethodSource("misspelt")
    void aMisspeltWordIsAnsweredByTheLikeliestInOneLine(List<String> words, String end) {
        Invocation invocation = Invocation.of(words.toArray(String[]::new));

        assertEquals(ExitCode.USAGE.code(), invocation.exitCode());
        assertEquals(1, invocation.err().lines().count(), invocation.err());
        assertTrue(invocation.err().strip().endsWith(end), invocation.err());
    }

    @Test
    void noCommandIsAUsageError() {
        Invocation invocation = Invocation.of();
        assertEquals(ExitCode.USAGE.code(), invocation.exitCode());
        assertTrue(invocation.err().contains("Missing required subcommand"), invocation.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compare",
                "node",
                "send",
                "request",
                "identity",
                "peer-id",
                "barrier",
                "chaos",
                "quick",
                "full",
                "handlers",
                "jmh"
            })
    void theHelpOfEveryCommandListsEveryExitCode(String command) {
        Invocation invocation = Invocation.of(command, "--help");

        assertEquals(ExitCode.OK.code(), invocation.exitCode());
        Map<String, String> meanings = ExitCode.meanings();
        assertEquals(ExitCode.values().length, meanings.size());
        meanings.forEach((code, meaning) ->
                assertTrue(words(invocation.out()).contains(words(code + " " + meaning)), invocation.out()));
    }

    @Test
    void anUnknownHostIsNoConnection() {
        Invocation invocation = Invocation.of("send", "--to", "host.invalid:1", "--count", "1", "--size", "1");
        assertEquals(ExitCode.NOT_CONNECTED.code(), invocation.exitCode());
        assertTrue(invocation.err().startsWith("host not found: host.invalid"), invocation.err());
    }

    @Test
    void listeningOnATakenAddressFails() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = Endpoint.format(taken.getLocalSocketAddress());
            Invocation invocation = Invocation.of("node", "--listen", address);
            assertEquals(ExitCode.FAILED.code(), invocation.exitCode());
            assertTrue(invocation.err().contains("Address already in use"), invocation.err());
        }
    }

    @Test
    void theJsonFileMustHaveADirectory(@TempDir Path directory) {
        Path file = directory.resolve("absent").resolve("result.json");
        assertEquals(
                ExitCode.USAGE.code(),
                Invocation.of("compare", "--json", file.toString()).exitCode());
    }

    @Test
    void aNodeThatTrustsNobodyDoesNotStart(@TempDir Path directory) {
        String file = directory.resolve("own.p12").toString();
        assertEquals(ExitCode.OK.code(), Invocation.of("identity", file).exitCode());

        Invocation invocation = Invocation.of("node", "--listen", "127.0.0.1:0", "--tls-keystore", file);

        assertEquals(ExitCode.USAGE.code(), invocation.exitCode());
        assertTrue(
                invocation.err().startsWith("trust: nobody (expected: --trust or --tls-truststore"), invocation.err());
    }

    private static String words(String text) {
        return String.join(" ", text.trim().split("\\s+"));
    }

    private static List<String> send(String to, String count, String size) {
        return List.of("send", "--to", to, "--count", count, "--size", size);
    }
}
