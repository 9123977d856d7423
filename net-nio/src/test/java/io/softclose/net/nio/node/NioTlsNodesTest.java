/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import io.softclose.net.nio.NioUnderTest;
import io.softclose.net.testkit.WithTls;
import io.softclose.net.testkit.node.BrokenLinkContract;
import io.softclose.net.testkit.node.CloseContract;
import io.softclose.net.testkit.node.ConversationContract;
import io.softclose.net.testkit.node.PausedReaderContract;
import io.softclose.net.testkit.node.PeerWatchContract;
import io.softclose.net.testkit.node.SilentPeerContract;
import io.softclose.net.testkit.node.SlowReaderContract;
import io.softclose.net.testkit.node.TalkingPeerContract;

/** The quick part of the contract of nodes with TLS over NIO, for every build; {@link NioNodeWithTlsTest} is all of it. */
class NioTlsNodesTest
        implements NioUnderTest,
                WithTls,
                ConversationContract,
                CloseContract,
                SilentPeerContract,
                SlowReaderContract,
                PausedReaderContract,
                TalkingPeerContract,
                BrokenLinkContract,
                PeerWatchContract {}
