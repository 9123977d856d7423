/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.softclose.net.Connection;
import io.softclose.net.Limits;
import io.softclose.net.Network;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.spi.Transport;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
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

/** Asks real processes to end. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
class TerminationTest {
    private static final ProtocolId PROTOCOL = ProtocolId.CONSENSUS_DIRECT_SEND_BCS;

    private final List<Process> children = new ArrayList<>();
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final Network here = Network.builder()
            .transport("nio")
            .closePolicy("graceful")
            .limits(Limits.defaults())
            .handle(PROTOCOL, (connection, message) -> arrived.countDown())
            .build();

    @AfterEach
    void end() {
        children.forEach(Process::destroyForcibly);
        here.shutdown(Duration.ZERO).toCompletableFuture().join();
    }

    @Test
    void aNodeAskedToEndClosesGracefullyAndPrintsTheReports() throws Exception {
        Process child = start("node", "--listen", "127.0.0.1:0", "--echo");
        JsonLines events = events(child);
        String address = events.await("listening").get("address").textValue();
        Connection connection = here.dial(Endpoint.parse(address).resolve());
        connection.opened().toCompletableFuture().get(30, TimeUnit.SECONDS);
        connection.send(new Scenario("test", 1, 16, 0, Optional.empty(), Duration.ZERO).message(0));
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
        try (Transport.Listener listener = here.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
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

    private Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        Process child =
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
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
