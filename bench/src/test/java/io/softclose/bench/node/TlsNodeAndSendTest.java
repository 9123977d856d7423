/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softclose.bench.ChildErrors;
import io.softclose.bench.ExitCode;
import io.softclose.bench.JsonLines;
import io.softclose.bench.cli.Invocation;
import io.softclose.bench.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The set-up of docs/tls.md from the command line alone: two identities, a node in a process of its own, senders. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TlsNodeAndSendTest {
    @TempDir
    static Path folder;

    private static String alice = "";
    private static String bob = "";
    private static String stranger = "";
    private static Process node;
    private static JsonLines events;
    private static String address = "";

    @BeforeAll
    static void startTheNode() throws Exception {
        alice = identity("alice.p12");
        bob = identity("bob.p12");
        stranger = identity("stranger.p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of("node", "--listen", "127.0.0.1:0", "--tls-keystore", file("bob.p12")));
        command.addAll(List.of("--tls-truststore", file("alice.p12")));
        node = new ProcessBuilder(command).start();
        ChildErrors.follow(node);
        events = JsonLines.of(node.inputReader(StandardCharsets.UTF_8));
        JsonNode listening = events.await("listening");
        address = listening.get("address").textValue();
        assertEquals(bob, listening.get("peer").textValue());
    }

    @AfterAll
    static void endTheNode() throws InterruptedException {
        assertTrue(node.toHandle().destroy());
        assertTrue(node.waitFor(60, TimeUnit.SECONDS), "the process did not end");
        assertEquals(ExitCode.TERMINATED.code(), node.exitValue());
    }

    @Test
    void aTrustedPeerIsProvenAndEverythingArrives(@TempDir Path own) throws Exception {
        Path log = own.resolve("log");
        Invocation sent = send("--tls-keystore", file("alice.p12"), "--expect", bob, "--log-file", log.toString());

        assertEquals(ExitCode.OK.code(), sent.exitCode(), sent::toString);
        JsonNode connected = events.await("connected");
        assertEquals(alice, connected.get("peer").textValue());
        assertTrue(connected.get("proven").booleanValue(), connected::toString);
        assertTrue(events.await("disconnected").get("report").get("clean").booleanValue());
        assertFalse(Files.readString(log).contains("plaintext"), sent::toString);
    }

    @Test
    void aPeerMayBeTrustedByItsCertificate() {
        Invocation sent =
                send("--tls-keystore", file("alice.p12"), "--tls-truststore", file("bob.p12"), "--trust", alice);

        assertEquals(ExitCode.OK.code(), sent.exitCode(), sent::toString);
    }

    @Test
    void aStrangerIsRefusedAndBothEndsAreToldWhy() throws Exception {
        Invocation sent = send("--tls-keystore", file("stranger.p12"), "--expect", bob);

        assertEquals(ExitCode.NOT_CONNECTED.code(), sent.exitCode(), sent::toString);
        assertTrue(sent.err().startsWith("not connected: TLS handshake: "), sent::err);
        JsonNode refused = events.await("refused");
        assertEquals("IDENTITY", refused.get("failure").textValue());
        assertTrue(refused.get("detail").textValue().contains("(expected: one who is trusted)"), refused::toString);
    }

    @Test
    void somebodyElseThanIsExpectedIsRefused() {
        Invocation sent = send("--tls-keystore", file("alice.p12"), "--expect", alice);

        assertEquals(ExitCode.NOT_CONNECTED.code(), sent.exitCode(), sent::toString);
        assertTrue(sent.err().contains("who was dialled"), sent::err);
    }

    @Test
    void aPeerIsAddressedByWhoItHasProvedToBe() {
        Invocation sent = send("--reconnect", "--tls-keystore", file("alice.p12"), "--expect", bob);

        assertEquals(ExitCode.OK.code(), sent.exitCode(), sent::toString);
        JsonNode report = JsonLines.parse(sent.out());
        assertEquals(
                10,
                report.get("account")
                        .get("total")
                        .get("outcomes")
                        .get("WRITTEN")
                        .intValue(),
                sent::toString);
        assertEquals(bob, report.get("reports").get(0).get("peer").textValue(), sent::toString);
    }

    @Test
    void aPeerIsNotAddressedWithoutSayingWho() {
        Invocation sent = send("--reconnect", "--tls-keystore", file("alice.p12"), "--trust", bob);

        assertEquals(ExitCode.USAGE.code(), sent.exitCode(), sent::toString);
        assertTrue(sent.err().startsWith("expect: nobody (expected: --expect PEERID with --reconnect"), sent::err);
    }

    @Test
    void somebodyElseIsNotSentWhatIsForThePeer() {
        Invocation sent =
                send("--reconnect", "--timeout", "1s", "--tls-keystore", file("alice.p12"), "--expect", stranger);

        assertEquals(ExitCode.NOT_CONNECTED.code(), sent.exitCode(), sent::toString);
        assertEquals(10, JsonLines.parse(sent.out()).get("cameBack").intValue(), sent::toString);
    }

    @Test
    void aSenderInPlaintextIsNotConnectedAndItsLogSaysWhyThatIs(@TempDir Path own) throws IOException {
        Path log = own.resolve("log");
        Invocation sent = send("--log-file", log.toString());

        assertEquals(ExitCode.NOT_CONNECTED.code(), sent.exitCode(), sent::toString);
        assertEquals(
                1,
                Files.readAllLines(log).stream()
                        .filter(line -> line.contains("lets peers in by plaintext, unverified"))
                        .count());
    }

    private static Invocation send(String... more) {
        return Invocation.of(
                Stream.concat(Stream.of("send", "--to", address, "--count", "10", "--size", "300"), Stream.of(more))
                        .toArray(String[]::new));
    }

    private static String identity(String name) {
        Invocation made = Invocation.of("identity", file(name));
        assertEquals(ExitCode.OK.code(), made.exitCode(), made::toString);
        assertEquals(made.out(), Invocation.of("peer-id", file(name)).out());
        return made.out().strip();
    }

    private static String file(String name) {
        return folder.resolve(name).toString();
    }
}
