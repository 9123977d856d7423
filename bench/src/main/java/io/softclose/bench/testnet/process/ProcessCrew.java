/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.process;

import io.softclose.bench.identity.IdentityFile;
import io.softclose.bench.identity.Password;
import io.softclose.bench.lab.ChildProcess;
import io.softclose.bench.lab.WireMesh;
import io.softclose.bench.testnet.consensus.ValidatorEvents;
import io.softclose.bench.testnet.figures.ConnectionLog;
import io.softclose.bench.testnet.node.Crew;
import io.softclose.bench.testnet.node.NodeSettings;
import io.softclose.bench.testnet.node.Seat;
import io.softclose.net.PeerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Validators in processes of their own, with fresh keys, in a directory of the system's for temporary files. On the loopback interface, or each in a
 * network namespace.
 */
public final class ProcessCrew implements Crew {
    private final Path directory;
    private final List<Member> members;
    private final Optional<WireMesh> wires;
    private int runs;

    /** One validator of all runs. */
    private record Member(PeerId id, Path keyStore) {}

    private ProcessCrew(Path directory, List<Member> members, Optional<WireMesh> wires) {
        this.directory = directory;
        this.members = members;
        this.wires = wires;
    }

    /**
     * So many validators.
     *
     * @param wires between as many nodes, in whose namespaces they run; closed with this, or if this fails. None for the loopback interface
     */
    public static ProcessCrew of(int validators, Optional<WireMesh> wires) throws IOException {
        try {
            return hired(validators, wires);
        } catch (IOException | RuntimeException failed) {
            wires.ifPresent(WireMesh::close);
            throw failed;
        }
    }

    private static ProcessCrew hired(int validators, Optional<WireMesh> wires) throws IOException {
        Path directory = Files.createTempDirectory("softclose-testnet");
        List<Member> members = new ArrayList<>();
        for (int each = 0; each < validators; each++) {
            Path keyStore = directory.resolve("key-" + each + ".p12");
            members.add(new Member(
                    IdentityFile.create(keyStore, Password.of(Optional.empty(), Map.of()))
                            .peerId(),
                    keyStore));
        }
        members.sort(Comparator.comparing(Member::id));
        return new ProcessCrew(directory, members, wires);
    }

    @Override
    public List<PeerId> members() {
        return members.stream().map(Member::id).toList();
    }

    @Override
    public Run begin() throws IOException {
        return new ProcessRun(Files.createDirectory(directory.resolve("run-" + runs++)));
    }

    @Override
    public void close() {
        wires.ifPresent(WireMesh::close);
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": cannot be removed", e);
        }
    }

    private final class ProcessRun implements Run {
        private final Path stores;
        private final List<ProcessSeat> all = new ArrayList<>();
        /** Started, and waiting to be told what to do, by their indices: a JVM's start takes longer than a validator may be away. */
        private final Map<Integer, ProcessSeat> spare = new HashMap<>();

        ProcessRun(Path stores) {
            this.stores = stores;
            for (int index = 0; index < members.size(); index++) {
                launch(index);
            }
        }

        private ProcessSeat launch(int index) {
            List<String> command = ChildProcess.java(ValidatorProcess.class);
            ProcessSeat seat = new ProcessSeat(
                    "validator-process-" + all.size(),
                    wires.map(mesh -> mesh.within(index, command)).orElse(command),
                    () -> launch(index));
            all.add(seat);
            spare.put(index, seat);
            return seat;
        }

        @Override
        public Optional<WireMesh> wires() {
            return wires;
        }

        @Override
        public Seat open(
                NodeSettings settings, Function<LongSupplier, ValidatorEvents> events, ConnectionLog connections)
                throws IOException {
            int index = settings.index();
            ProcessSeat waiting = spare.remove(index);
            ProcessSeat seat = waiting == null ? launch(index) : waiting;
            spare.remove(index, seat);
            seat.open(
                    settings,
                    // In a namespace of its own it is found at the end of each of its wires.
                    wires.isPresent()
                            ? "0.0.0.0"
                            : InetAddress.getLoopbackAddress().getHostAddress(),
                    members.get(index).keyStore(),
                    stores.resolve("validator-" + index),
                    events,
                    connections);
            return seat;
        }

        @Override
        public void close() {
            all.forEach(ProcessSeat::destroy);
            all.forEach(ProcessSeat::close);
        }
    }
}
