/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.policy.priority;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code that the page on writing a policy shows is code that is compiled and tested here. */
class WritingAPolicyPageTest {
    private static final Path PAGE = Path.of("..", "docs", "writing-a-policy.md");
    private static final Path SOURCES = Path.of("src", "test", "java", "io", "softclose", "policy", "priority");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyClassOnThePageIsASourceFilesClass() throws IOException {
        List<String> shown = JAVA.matcher(Files.readString(PAGE))
                .results()
                .map(MatchResult::group)
                .toList();

        assertEquals(3, shown.size(), "classes on the page");
        for (String name : List.of("RequestsFirstPolicy", "RequestsFirstPolicyProvider", "RequestsFirstPolicyTest")) {
            String source = Files.readString(SOURCES.resolve(name + ".java"));
            String declaration = Stream.of("public record ", "public final class ", "class ")
                    .filter(start -> source.contains("\n" + start + name))
                    .findFirst()
                    .orElseThrow();
            String body = source.substring(source.indexOf("\n" + declaration + name) + 1);
            assertTrue(shown.contains("```java\n" + body + "```"), () -> "on the page: " + body);
        }
    }
}
