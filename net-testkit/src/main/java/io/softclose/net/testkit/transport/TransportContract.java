/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import io.softclose.net.testkit.transport.fixture.TestedTransport;

/**
 * What every transport must hold: the contract of {@link io.softclose.net.spi.Transport}, {@link
 * io.softclose.net.spi.Link}, {@link io.softclose.net.spi.LinkHandler} and {@link io.softclose.net.spi.EventLoop} as tests.
 * The author of a transport implements this interface in a test class: {@link #createTransport} makes one, and {@link
 * #listenAddress} says where it may listen, on a port that the system chooses. docs/testing.md has an example. {@link
 * io.softclose.net.testkit.WithTls} has the same tests run with TLS over that transport.
 *
 * <p>Each test has a transport of its own and ends by closing it: every link must have been told of its end, exactly
 * once, and no thread and no lent buffer may be left. Both ends of each link are links of the transport. Every callback
 * is checked for its loop, its place in the order, and for coming from within a call to the link. Nothing depends on how
 * long anything takes; waits are bounded by {@link
 * io.softclose.net.testkit.Waiting#SAFETY_NET}, 30 seconds unless a system property says otherwise.
 */
public interface TransportContract
        extends TestedTransport,
                DialContract,
                ListenContract,
                SocketFileContract,
                TransportCloseContract,
                EventLoopContract,
                FairnessContract,
                LinkWriteContract,
                LinkReadContract,
                LinkEndContract,
                LinkPauseContract,
                LinkLingerContract,
                LinkCloseContract,
                LinkHandlerContract {}
