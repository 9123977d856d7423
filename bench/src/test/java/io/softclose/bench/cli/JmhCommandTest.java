/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JmhCommandTest {
    @ParameterizedTest
    @ValueSource(strings = {"compare", "node", "send", "quick", "full", "handlers", "jmh", "-h", "--help"})
    void aCommandOfOursStaysOurs(String command) {
        assertArrayEquals(new String[] {command, "-l"}, Main.route(command, "-l"));
    }

    @Test
    void nothingIsNotForJmh() {
        assertArrayEquals(new String[0], Main.route());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ThroughputBenchmark", "-l", ".*", "-prof"})
    void whatIsNoCommandIsForJmh(String first) {
        assertArrayEquals(new String[] {"jmh", first, "gc"}, Main.route(first, "gc"));
    }

    @Test
    void theParametersLeftOpenAreAllThatAreFound() {
        assertEquals(
                List.of("Close", "-p", "transport=nio,netty", "-p", "policy=drop"),
                JmhCommand.complete(List.of("Close"), List.of("nio", "netty"), List.of("drop")));
    }

    @Test
    void theParametersGivenAreLeftAlone() {
        List<String> given = List.of("-p", "transport=nio", "-ppolicy=drop", "Close");

        assertEquals(given, JmhCommand.complete(given, List.of("nio", "netty"), List.of("drop", "graceful")));
    }
}
