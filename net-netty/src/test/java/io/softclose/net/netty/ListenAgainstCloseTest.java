/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.spi.Transport.Listener;
import io.softclose.net.testkit.LeakChecks;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever waits for the accepting thread hears of its end as well: nobody waits for ever. */
final class ListenAgainstCloseTest {
    private static final int ROUNDS = 150;

    static Stream<IoKind> kinds() {
        return Kinds.available().stream();
    }

    /** Both used to hang, some time in a few hundred rounds. */
    @ParameterizedTest
    @MethodSource("kinds")
    void listeningWhileTheTransportIsClosedSucceedsOrIsRefused(IoKind kind) throws Exception {
        LeakChecks leaks = LeakChecks.begin();
        int listened = 0;
        for (int i = 0; i < ROUNDS; i++) {
            NettyTransport transport =
                    NettyTransport.builder().io(kind).loops(1).build();
            // Half of them with an accepting thread that is there already.
            if (i % 2 == 0) {
                transport.listen(any(), link -> {
                    throw new AssertionError("accepted");
                });
            }
            CyclicBarrier start = new CyclicBarrier(2);
            long afterNanos = i * 20_000L;
            CompletableFuture<Boolean> listening = CompletableFuture.supplyAsync(() -> listen(transport, start));
            CompletableFuture<Boolean> closing = CompletableFuture.supplyAsync(() -> {
                await(start);
                long begin = System.nanoTime();
                while (System.nanoTime() - begin < afterNanos) {
                    Thread.onSpinWait();
                }
                transport.close();
                return true;
            });
            listened += RawLink.get(listening) ? 1 : 0;
            assertTrue(RawLink.get(closing));
        }
        leaks.assertNoThreadLeft();
        System.out.println(kind + ": listened in " + listened + " of " + ROUNDS + " rounds");
    }

    private static boolean listen(NettyTransport transport, CyclicBarrier start) {
        await(start);
        try {
            transport.listen(any(), link -> {
                throw new AssertionError("accepted");
            });
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        } catch (IOException wrong) {
            throw new AssertionError(wrong);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
    }

    private static InetSocketAddress any() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** As try-with-resources does around a shutdown. Netty logged an ERROR of a listener it could not tell. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aListenerMayBeClosedAgainWhenTheTransportIsClosed(IoKind kind) throws Exception {
        try (LogRecorder log = new LogRecorder("io.netty.util.concurrent.DefaultPromise.rejectedExecution")) {
            NettyTransport transport = NettyTransport.builder().io(kind).build();
            Listener listener = transport.listen(any(), link -> {
                throw new AssertionError("accepted");
            });
            transport.close();

            assertTrue(RawLink.get(CompletableFuture.supplyAsync(() -> {
                listener.close();
                listener.close();
                return true;
            })));
            assertEquals(List.of(), log.messages());
        }
    }
}
