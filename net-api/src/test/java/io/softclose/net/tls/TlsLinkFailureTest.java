/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Scheduler.Timer;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;

/** What an engine throws costs no buffer of the link below. */
class TlsLinkFailureTest {
    private static final int RECORD_BYTES = 1 << 14;

    private final ByteBuffer lent = ByteBuffer.allocate(2 * RECORD_BYTES);
    private final Link below = mock(Link.class);
    private final SSLEngine engine = mock(SSLEngine.class);

    @Test
    void anErrorOfTheEngineGivesTheBufferBackAndGoesOn() throws SSLException {
        EventLoop loop = mock(EventLoop.class);
        SSLSession session = mock(SSLSession.class);
        when(loop.schedule(anyLong(), any())).thenReturn(mock(Timer.class));
        when(below.loop()).thenReturn(loop);
        when(below.lend(anyInt())).thenReturn(lent);
        when(session.getPacketBufferSize()).thenReturn(RECORD_BYTES);
        when(session.getApplicationBufferSize()).thenReturn(RECORD_BYTES);
        when(engine.getSession()).thenReturn(session);
        when(engine.getHandshakeStatus()).thenReturn(HandshakeStatus.NEED_UNWRAP);
        when(engine.unwrap(any(ByteBuffer.class), any(ByteBuffer.class))).thenThrow(new OutOfMemoryError("deliberate"));
        LinkOwner owner = mock(LinkOwner.class);
        when(owner.memory()).thenReturn(new BufferMemory());
        TlsLink link = new TlsLink(below, engine, owner);
        link.handledBy(mock(LinkHandler.class));
        link.onConnected();
        ByteBuffer record = ByteBuffer.wrap(new byte[] {22, 3, 3, 0, 1, 0});

        assertThrows(OutOfMemoryError.class, () -> link.onRead(record));

        verify(below, times(2)).lend(anyInt());
        verify(below, times(2)).release(lent);
    }
}
