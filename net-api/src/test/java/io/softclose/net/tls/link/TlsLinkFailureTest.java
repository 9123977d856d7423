/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.softclose.net.spi.EventLoop;
import io.softclose.net.spi.Link;
import io.softclose.net.spi.LinkHandler;
import io.softclose.net.spi.Scheduler.Timer;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an engine throws costs no buffer of the link below, and never leaves that link open with nobody above it. */
class TlsLinkFailureTest {
    private static final int RECORD_BYTES = 1 << 14;

    private final ByteBuffer lent = ByteBuffer.allocate(2 * RECORD_BYTES);
    private final ByteBuffer record = ByteBuffer.wrap(new byte[] {22, 3, 3, 0, 1, 0});
    private final OutOfMemoryError failure = new OutOfMemoryError("deliberate");
    private final EventLoop loop = mock(EventLoop.class);
    private final Link below = mock(Link.class);
    private final SSLEngine engine = mock(SSLEngine.class);
    private final LinkHandler above = mock(LinkHandler.class);
    private final LinkOwner owner = mock(LinkOwner.class);
    private Runnable again = () -> {};

    @BeforeEach
    void anEngineThatAwaitsItsPeer() throws SSLException {
        SSLSession session = mock(SSLSession.class);
        when(loop.schedule(anyLong(), any())).thenReturn(mock(Timer.class));
        when(loop.schedule(eq(BufferMemory.SHORTAGE_NANOS), any())).thenAnswer(call -> {
            again = call.getArgument(1);
            return mock(Timer.class);
        });
        when(below.loop()).thenReturn(loop);
        when(below.lend(anyInt())).thenReturn(lent);
        when(session.getPacketBufferSize()).thenReturn(RECORD_BYTES);
        when(session.getApplicationBufferSize()).thenReturn(RECORD_BYTES);
        when(session.getProtocol()).thenReturn("TLSv1.3");
        when(engine.getSession()).thenReturn(session);
        when(engine.getHandshakeStatus()).thenReturn(HandshakeStatus.NEED_UNWRAP);
        when(owner.memory()).thenReturn(new BufferMemory());
        when(owner.admit(any())).thenReturn(Optional.empty());
    }

    private TlsLink link() {
        TlsLink link = new TlsLink(below, engine, owner);
        link.handledBy(above);
        link.onConnected();
        return link;
    }

    @Test
    void anErrorOfTheEngineGivesTheBufferBackAndGoesOn() throws SSLException {
        when(engine.unwrap(any(ByteBuffer.class), any(ByteBuffer.class))).thenThrow(failure);
        TlsLink link = link();

        assertThrows(OutOfMemoryError.class, () -> link.onRead(record));

        verify(below, times(2)).lend(anyInt());
        verify(below, times(2)).release(lent);
    }

    /** What had to wait for a buffer is tried again by a timer: nobody below hears what it throws. */
    @Test
    void anErrorOfTheEngineOnceThereIsMemoryAgainAbortsTheLink() throws SSLException {
        when(engine.unwrap(any(ByteBuffer.class), any(ByteBuffer.class))).thenThrow(failure);
        TlsLink link = link();
        when(below.lend(anyInt())).thenThrow(new OutOfMemoryError("deliberate, too"));
        link.onRead(record);
        verify(below, never()).abort();

        when(loop.nanoTime()).thenReturn(BufferMemory.SHORTAGE_NANOS);
        doReturn(lent).when(below).lend(anyInt());
        again.run();

        verify(below).abort();
        link.onClosed(null);
        verify(above).onClosed(failure);
    }

    @Test
    void anErrorInPlaceOfAnAlertClosesTheLinkBelow() throws SSLException {
        SSLException broken = new SSLException("deliberate");
        when(engine.unwrap(any(ByteBuffer.class), any(ByteBuffer.class))).thenAnswer(call -> {
            when(engine.getHandshakeStatus()).thenReturn(HandshakeStatus.NEED_WRAP);
            throw broken;
        });
        when(engine.wrap(any(ByteBuffer.class), any(ByteBuffer.class))).thenThrow(failure);
        TlsLink link = link();

        link.onRead(record);

        verify(below).close();
    }

    @Test
    void anErrorInPlaceOfOurEndClosesTheLinkBelow() throws SSLException {
        when(engine.getHandshakeStatus()).thenReturn(HandshakeStatus.NOT_HANDSHAKING);
        when(engine.unwrap(any(ByteBuffer.class), any(ByteBuffer.class))).thenAnswer(call -> {
            ByteBuffer unwrapped = call.getArgument(0);
            int bytes = unwrapped.remaining();
            unwrapped.position(unwrapped.limit());
            return new SSLEngineResult(Status.OK, HandshakeStatus.FINISHED, bytes, 0);
        });
        when(engine.wrap(any(ByteBuffer.class), any(ByteBuffer.class))).thenThrow(failure);
        when(below.allHandedOn()).thenReturn(true);
        TlsLink link = link();
        link.onRead(record);
        verify(above).onConnected();

        link.close();

        verify(below).close();
    }
}
