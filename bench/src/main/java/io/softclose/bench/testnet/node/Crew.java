/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.node;

import io.softclose.bench.lab.WireMesh;
import io.softclose.bench.testnet.consensus.ValidatorEvents;
import io.softclose.bench.testnet.figures.ConnectionLog;
import io.softclose.net.PeerId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The validators of all runs: their keys, and where they run. For one thread. */
public interface Crew extends AutoCloseable {
    /** Who they are, smallest id first, so that who decides on duplicates does not depend on the keys. */
    List<PeerId> members();

    /** Where the validators of one run are made, which have never run before. */
    Run begin() throws IOException;

    /** Removes what was made for it. */
    @Override
    void close();

    /** One run's. */
    interface Run extends AutoCloseable {
        /**
         * Makes a validator, which listens. One that has run in this run goes on where it was.
         *
         * @param events told of what happens, given the time at which what is being told happened
         */
        Seat open(NodeSettings settings, Function<LongSupplier, ValidatorEvents> events, ConnectionLog connections)
                throws IOException;

        /** The wires between the validators, by their indices; none if they are all on the loopback interface. */
        default Optional<WireMesh> wires() {
            return Optional.empty();
        }

        /** Ends what is left, at once. */
        @Override
        void close();
    }
}
