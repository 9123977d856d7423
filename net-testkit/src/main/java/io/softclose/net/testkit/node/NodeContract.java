/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import io.softclose.net.testkit.node.fixture.TransportUnderTest;

/**
 * What whole nodes promise, on real sockets of one transport over TCP: conversations byte for byte, every way to close
 * and to shut down, handlers that block, peers that are watched, and peers that are silent, slow, talkative, hostile or gone. {@link
 * io.softclose.net.testkit.transport.TransportContract} says what a link must do; here the engine is on it. The author of a
 * transport implements this interface in a test class; {@link #createTransport} makes one with so many loops and with send
 * buffers of a given size.
 *
 * <p>After each test its nodes are shut down, and it is checked that every account balances, that no callback threw, and
 * that no thread and no lent buffer is left. Peers are blocking sockets on the loopback interface that share no code with
 * the engine. Nothing depends on how long anything takes; waits are bounded by {@link
 * io.softclose.net.testkit.Waiting#SAFETY_NET}, 30 seconds unless a system property says otherwise.
 */
public interface NodeContract
        extends TransportUnderTest,
                ConversationContract,
                RequestContract,
                PeerContract,
                PeerRequestContract,
                LateAnswerContract,
                CloseContract,
                ShutdownContract,
                SilentPeerContract,
                SlowReaderContract,
                PausedReaderContract,
                InboundRateContract,
                OffLoopHandlerContract,
                TalkingPeerContract,
                HostilePeerContract,
                BrokenLinkContract,
                PeerWatchContract {}
