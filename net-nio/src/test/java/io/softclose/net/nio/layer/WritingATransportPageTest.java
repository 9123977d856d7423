/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.layer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The transport that the page on writing one shows is compiled and keeps the contract here. */
class WritingATransportPageTest {
    private static final Path PAGE = Path.of("..", "docs", "writing-a-transport.md");
    private static final Path SOURCES = Path.of("src", "test", "java", "io", "softclose", "net", "nio", "layer");

    @Test
    void theTransportAndItsTestOnThePageAreThoseHere() throws IOException {
        String page = Files.readString(PAGE);

        Map.of("MaskingTransport", "public final class ", "MaskingTransportContractTest", "class ")
                .forEach((name, kind) -> {
                    String body = body(name, kind);
                    assertTrue(page.contains("```java\n" + body + "```"), () -> "on the page: " + body);
                });
    }

    private static String body(String name, String kind) {
        try {
            String source = Files.readString(SOURCES.resolve(name + ".java"));
            return source.substring(source.indexOf("\n" + kind + name) + 1);
        } catch (IOException missing) {
            throw new AssertionError(name, missing);
        }
    }
}
