/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a dial that fails says. */
class DialFailureTest {
    private static final InetSocketAddress REMOTE = InetSocketAddress.createUnresolved("validator", 6180);

    @Test
    void aRefusalNamesWhatWasDialledAndWhy() {
        IOException cause = new IOException("Connection refused");

        Throwable refused = DialFailure.refused(REMOTE, cause);

        assertInstanceOf(ConnectException.class, refused);
        assertEquals("dial " + REMOTE + ": Connection refused", refused.getMessage());
        assertSame(cause, refused.getCause());
    }

    @Test
    void aCauseWithoutAMessageIsNamedByItsKind() {
        Throwable refused = DialFailure.refused(REMOTE, new IllegalStateException());

        assertEquals("dial " + REMOTE + ": java.lang.IllegalStateException", refused.getMessage());
    }

    @Test
    void aDialThatNobodyAnswersSaysHowLongItWaited() {
        Throwable late = DialFailure.late(REMOTE, Duration.ofSeconds(3), null);

        assertInstanceOf(SocketTimeoutException.class, late);
        assertEquals("dial " + REMOTE + ": no answer within PT3S", late.getMessage());
        assertNull(late.getCause());
    }

    @Test
    void aDialThatWasTriedAgainSaysWhatItMetBefore() {
        IOException busy = new IOException("Resource temporarily unavailable");

        assertSame(busy, DialFailure.late(REMOTE, Duration.ofSeconds(3), busy).getCause());
    }

    @Test
    void anAddressThatIsNotResolvedIsAnUnknownHost() {
        Throwable unresolved = DialFailure.unresolved(REMOTE);

        assertInstanceOf(UnknownHostException.class, unresolved);
        assertEquals("validator", unresolved.getMessage());
    }
}
