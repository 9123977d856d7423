/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softclose.bench.ChildErrors;
import io.softclose.bench.ExitCode;
import io.softclose.bench.JsonLines;
import io.softclose.bench.Payloads;
import io.softclose.bench.cli.Main;
import io.softclose.bench.compare.Scenario;
import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Listener;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Asks real processes to end. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
class TerminationTest {
    private static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;

    private final List<Process> children = new ArrayList<>();
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final Network here = Network.builder()
            .plaintext()
            .transport("nio")
            .closePolicy("graceful")
            .limits(Limits.defaults())
            .handle(PROTOCOL, (connection, message) -> arrived.countDown())
            .build();

    /** Its connections' ends do nothing any more once a message has come. */
    private final Network sticking = Network.builder()
            .plaintext()
            .transport("nio")
            .closePolicy("graceful")
            .handle(PROTOCOL, (connection, message) -> stick())
            .build();

    private void stick() throws InterruptedException {
        arrived.countDown();
        released.await();
    }

    @AfterEach
    void end() {
        released.countDown();
        children.forEach(Process::destroyForcibly);
        here.shutdown(Duration.ZERO).toCompletableFuture().join();
        sticking.shutdown(Duration.ZERO).toCompletableFuture().join();
    }

    @Test
    void aNodeAskedToEndClosesGracefullyAndPrintsTheReports() throws Exception {
        Process child = start("node", "--listen", "127.0.0.1:0", "--echo");
        JsonLines events = events(child);
        String address = events.await("listening").get("address").textValue();
        Connection connection = here.dial(Endpoint.parse(address).resolve());
        connection.opened().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertEquals(
                SendResult.ACCEPTED,
                connection.send(new Scenario(
                                "test",
                                1,
                                16,
                                0,
                                Optional.empty(),
                                List.of(ProtocolId.CONSENSUS_DIRECT_SEND_BCS),
                                Duration.ZERO)
                        .message(0)));
        assertTrue(arrived.await(30, TimeUnit.SECONDS), "the echo did not come");

        askToEnd(child);

        JsonNode report = events.await("disconnected").get("report");
        assertEquals("NETWORK_SHUTDOWN", report.get("reason").textValue());
        assertTrue(report.get("clean").booleanValue(), report.toString());
        assertEquals(1, report.get("total").get("outcomes").get("WRITTEN").intValue());
        assertTrue(events.await("shutdown").get("balanced").booleanValue());
        assertEquals(ExitCode.TERMINATED.code(), exitCode(child));
    }

    @Test
    void aSenderAskedToEndClosesGracefullyAndPrintsTheReport() throws Exception {
        try (Listener listener = here.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Process child = start(
                    "send",
                    "--to",
                    Endpoint.format(listener.localAddress()),
                    "--count",
                    Integer.toString(Integer.MAX_VALUE),
                    "--size",
                    "1024",
                    "--timeout",
                    "PT1H");
            JsonLines events = events(child);
            assertTrue(arrived.await(30, TimeUnit.SECONDS), "nothing arrived");

            askToEnd(child);

            JsonNode event = events.await("report");
            JsonNode report = event.get("report");
            assertEquals("NETWORK_SHUTDOWN", report.get("reason").textValue());
            assertEquals(SendResult.CLOSING.name(), event.get("lastSend").textValue());
            assertTrue(report.get("clean").booleanValue(), report.toString());
            assertTrue(report.get("balanced").booleanValue());
            assertEquals(
                    event.get("accepted"), report.get("total").get("outcomes").get("WRITTEN"));
            assertEquals(ExitCode.TERMINATED.code(), exitCode(child));
        }
    }

    @Test
    void aNodeWhosePeerNeverEndsPrintsItsReportWithinItsBudget() throws Exception {
        Process child = start("node", "--listen", "127.0.0.1:0", "--echo", "--shutdown-budget", "500ms");
        JsonLines events = events(child);
        connectAndStick(events.await("listening"));

        askToEnd(child);

        JsonNode report = events.await("disconnected").get("report");
        assertEquals("DEADLINE", report.get("ending").textValue(), report.toString());
        assertTrue(events.await("shutdown").get("balanced").booleanValue());
        assertEquals(ExitCode.TERMINATED.code(), exitCode(child));
    }

    @Test
    void aNodeAskedAgainEndsAtOnceAndPrintsItsReport() throws Exception {
        Process child = start("node", "--listen", "127.0.0.1:0", "--echo", "--shutdown-budget", "1m");
        JsonLines events = events(child);
        connectAndStick(events.await("listening"));

        askToEndUntilItDoes(child);

        JsonNode report = events.await("disconnected").get("report");
        assertEquals("ERROR", report.get("ending").textValue(), report.toString());
        assertTrue(events.await("shutdown").get("balanced").booleanValue());
        assertEquals(ExitCode.TERMINATED.code(), exitCode(child));
    }

    @Test
    void aSenderAskedAgainEndsAtOnceAndPrintsItsReport() throws Exception {
        try (Listener listener = sticking.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            Process child = start(
                    "send",
                    "--to",
                    Endpoint.format(listener.localAddress()),
                    "--count",
                    Integer.toString(Integer.MAX_VALUE),
                    "--size",
                    "16384",
                    "--timeout",
                    "PT1H",
                    "--shutdown-budget",
                    "1m");
            JsonLines events = events(child);
            assertTrue(arrived.await(60, TimeUnit.SECONDS), "nothing arrived");

            askToEndUntilItDoes(child);

            JsonNode report = events.await("report").get("report");
            assertEquals("ERROR", report.get("ending").textValue(), report.toString());
            assertTrue(report.get("balanced").booleanValue());
            assertEquals(ExitCode.TERMINATED.code(), exitCode(child));
        }
    }

    @Test
    void aNodeWhoseOutputNobodyReadsGoesOnAndEndsWhenItIsAsked() throws Exception {
        Process child = start("node", "--listen", "127.0.0.1:0", "--shutdown-budget", "1s");
        String address = JsonLines.parse(
                        child.inputReader(StandardCharsets.UTF_8).readLine())
                .get("address")
                .textValue();
        Connection connection = here.dial(Endpoint.parse(address).resolve());
        connection.opened().toCompletableFuture().get(60, TimeUnit.SECONDS);
        // Some 200 characters each: many times what a pipe holds.
        for (int sequence = 0; sequence < 20_000; sequence++) {
            Message message = Message.of(PROTOCOL, 0, Payloads.of(sequence, 100));
            assertTrue(connection.sendBlocking(message, Duration.ofSeconds(60)).accepted());
        }

        CloseReport report = connection.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertTrue(report.clean(), report.toString());
        askToEnd(child);
        assertEquals(ExitCode.TERMINATED.code(), exitCode(child));
    }

    @Test
    void aNodeWhoseOutputIsBrokenClosesGracefullyAndFails(@TempDir Path directory) throws Exception {
        Path errors = directory.resolve("errors");
        Process child = start(Redirect.to(errors.toFile()), "node", "--listen", "127.0.0.1:0");
        BufferedReader output = child.inputReader(StandardCharsets.UTF_8);
        String address = JsonLines.parse(output.readLine()).get("address").textValue();
        output.close();

        Connection connection = here.dial(Endpoint.parse(address).resolve());

        assertTrue(connection
                .closed()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS)
                .account()
                .balanced());
        assertEquals(ExitCode.FAILED.code(), exitCode(child));
        assertTrue(Files.readString(errors).startsWith("standard output is broken"), Files.readString(errors));
    }

    /** Opens a connection whose end here stops for good at the first message, which is an echo of ours. */
    private void connectAndStick(JsonNode listening) throws Exception {
        Connection connection = sticking.dial(
                Endpoint.parse(listening.get("address").textValue()).resolve());
        connection.opened().toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals(SendResult.ACCEPTED, connection.send(Message.of(PROTOCOL, 0, Payloads.of(0, 16))));
        assertTrue(arrived.await(60, TimeUnit.SECONDS), "the echo did not come");
    }

    /** When it listens for the second signal is up to it. */
    private static void askToEndUntilItDoes(Process child) throws InterruptedException {
        for (int times = 0; times < 600; times++) {
            askToEnd(child);
            if (child.waitFor(100, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private Process start(String... args) throws IOException {
        Process child = start(Redirect.PIPE, args);
        ChildErrors.follow(child);
        return child;
    }

    private Process start(Redirect errors, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        Process child = new ProcessBuilder(command).redirectError(errors).start();
        children.add(child);
        return child;
    }

    private static JsonLines events(Process child) {
        return JsonLines.of(child.inputReader(StandardCharsets.UTF_8));
    }

    /** Sends SIGTERM. {@link Process#destroy} would also close the stream that the child is about to print to. */
    private static void askToEnd(Process child) {
        assertTrue(child.toHandle().destroy());
    }

    private static int exitCode(Process child) throws InterruptedException {
        assertTrue(child.waitFor(60, TimeUnit.SECONDS), "the process did not end");
        return child.exitValue();
    }
}
