/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.jmh;

import io.softclose.bench.baseline.RoundTrip;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is measured in {@link PingPongBenchmark} does what it says: an exchange that did not would never return, or throw. */
class RoundTripTest {
    @ParameterizedTest
    @ValueSource(strings = {"nio", "netty"})
    void aMessageComesBack(String transport) throws IOException, InterruptedException {
        exchangeOver(new ConnectionRoundTrip(transport));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "netty"})
    void aRequestIsAnswered(String transport) throws IOException, InterruptedException {
        exchangeOver(new RequestRoundTrip(transport));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nio", "netty"})
    void aMessageComesBackBesideHandlersThatBlock(String transport) throws IOException, InterruptedException {
        exchangeOver(new BlockedNeighbours(transport));
    }

    private static void exchangeOver(RoundTrip connected) throws IOException, InterruptedException {
        try (RoundTrip roundTrip = connected) {
            for (int number = 0; number < 100; number++) {
                roundTrip.exchange(new byte[256]);
            }
        }
    }
}
