/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.node;

import io.softclose.bench.testnet.figures.MessageTally;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** One validator of a test network, which listens, in this process or in one of its own. For one thread. */
public interface Seat {
    /** Where it listens. */
    InetSocketAddress address();

    /**
     * Has it dial the others.
     *
     * @param addresses where each is found, by their indices
     */
    void connect(Map<Integer, InetSocketAddress> addresses) throws IOException;

    /** How many of the others it has an open connection to. */
    long connected();

    /** Has it take part in the consensus. */
    void start() throws IOException;

    /** The validator set has lost this other one, as far as its network is concerned. */
    void distrust(int other) throws IOException;

    /** The validator set has it again. */
    void trust(int other) throws IOException;

    /** Whether it is in a process of its own, so that it can be stopped, and its kernel says that it was killed. */
    boolean inProcessOfItsOwn();

    /** Stops its process (SIGSTOP). */
    void stall() throws IOException;

    /** Has its process go on (SIGCONT). */
    void resume() throws IOException;

    /**
     * Ends it in the midst of everything.
     *
     * @return completes when nothing of it runs any more, and all it had told is told
     */
    CompletionStage<Void> kill();

    /**
     * Shuts its network down.
     *
     * @return completes when nothing of it runs any more, and all is told
     */
    CompletionStage<Void> shutdown(Duration budget);

    /** What became of its messages; of one that was killed, as far as is known. Once it has ended. */
    MessageTally messages();

    /** What nobody knows of it, because it was killed. Once it has ended. */
    Optional<Missing> missing();
}
