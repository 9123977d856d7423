/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.scaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SharesTest {
    @Test
    void whatTheLeastServedHadCountsWhenTheFirstHadAll() throws Exception {
        Shares shares = new Shares(3, 4);
        handled(shares, 0, 2);
        handled(shares, 2, 1);
        handled(shares, 1, 4);
        handled(shares, 2, 3);
        handled(shares, 0, 2);

        assertEquals(1, shares.await(Duration.ZERO));
    }

    @Test
    void aConnectionWithoutItsShareIsWaitedFor() {
        Shares shares = new Shares(2, 2);
        handled(shares, 0, 2);
        handled(shares, 1, 1);

        assertEquals(
                "connections that have not had all of their 2 messages: 1 (expected: 0)",
                assertThrows(IllegalStateException.class, () -> shares.await(Duration.ZERO))
                        .getMessage());
    }

    @Test
    void aMessageCarriesItsConnectionsNumber() {
        for (int number : new int[] {0, 1, 255, 256, 999, 70_000}) {
            assertEquals(number, Ends.connection(Ends.message(Ends.payload(number, 4))));
        }
    }

    private static void handled(Shares shares, int connection, int messages) {
        for (int i = 0; i < messages; i++) {
            shares.handled(connection);
        }
    }
}
