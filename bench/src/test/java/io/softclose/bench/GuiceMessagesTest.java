/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Module;
import com.google.inject.spi.Message;
import io.softclose.net.ProtocolId;
import io.softclose.net.guice.NetworkModule;
import io.softclose.net.nio.NioTransportModule;
import io.softclose.policy.drain.DropPolicyModule;
import io.softclose.policy.drain.GracefulPolicyModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the page on Guice says of failures, with every plugin on the class path. */
class GuiceMessagesTest {
    @Test
    void thePageShowsTheMessagesAsTheyAre() throws IOException {
        List<String> told = Stream.of(
                        messages(validator().closePolicy("drop").build()),
                        messages(
                                validator().build(),
                                new NioTransportModule(),
                                new DropPolicyModule(),
                                new GracefulPolicyModule()),
                        messages(validator().closePolicy("gracefull").build(), new NioTransportModule()),
                        messages(
                                validator().build(),
                                NetworkModule.builder()
                                        .name("public")
                                        .transport("nio")
                                        .support(ProtocolId.MEMPOOL_DIRECT_SEND)
                                        .build(),
                                new NioTransportModule(),
                                new NioTransportModule().forNetwork("validater"),
                                new GracefulPolicyModule()))
                .flatMap(List::stream)
                .toList();

        assertEquals(shownOnThePage(), told);
    }

    private static List<String> shownOnThePage() throws IOException {
        return Files.readString(Path.of("..", "docs", "assembling-with-guice.md"))
                .lines()
                .filter(line -> line.matches("(network \"|NioTransportModule:).*"))
                .toList();
    }

    private static List<String> messages(Module... modules) {
        return assertThrows(CreationException.class, () -> Guice.createInjector(modules)).getErrorMessages().stream()
                .map(Message::getMessage)
                .toList();
    }

    private static NetworkModule.Builder validator() {
        return NetworkModule.builder().name("validator").support(ProtocolId.MEMPOOL_DIRECT_SEND);
    }
}
