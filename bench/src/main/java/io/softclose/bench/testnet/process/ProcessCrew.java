/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.process;

import io.softclose.bench.identity.IdentityFile;
import io.softclose.bench.identity.Password;
import io.softclose.bench.testnet.consensus.ValidatorEvents;
import io.softclose.bench.testnet.figures.ConnectionLog;
import io.softclose.bench.testnet.node.Crew;
import io.softclose.bench.testnet.node.NodeSettings;
import io.softclose.bench.testnet.node.Seat;
import io.softclose.net.PeerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Validators in processes of their own, with fresh keys, in a directory of the system's for temporary files. */
public final class ProcessCrew implements Crew {
    private final Path directory;
    private final List<Member> members;
    private int runs;

    /** One validator of all runs. */
    private record Member(PeerId id, Path keyStore) {}

    private ProcessCrew(Path directory, List<Member> members) {
        this.directory = directory;
        this.members = members;
    }

    /** So many validators. */
    public static ProcessCrew of(int validators) throws IOException {
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
        return new ProcessCrew(directory, members);
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
        /** Started, and waiting to be told who they are: a JVM's start takes longer than a validator may be away. */
        private final Deque<ProcessSeat> spare = new ArrayDeque<>();

        ProcessRun(Path stores) {
            this.stores = stores;
            members.forEach(member -> launch());
        }

        private void launch() {
            ProcessSeat seat = new ProcessSeat("validator-process-" + all.size(), this::launch);
            all.add(seat);
            spare.add(seat);
        }

        @Override
        public Seat open(
                NodeSettings settings, Function<LongSupplier, ValidatorEvents> events, ConnectionLog connections)
                throws IOException {
            if (spare.isEmpty()) {
                launch();
            }
            ProcessSeat seat = spare.remove();
            seat.open(
                    settings,
                    members.get(settings.index()).keyStore(),
                    stores.resolve("validator-" + settings.index()),
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
