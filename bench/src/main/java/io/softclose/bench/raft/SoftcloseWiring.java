/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.raft;

import io.microraft.RaftNode;
import io.microraft.transport.Transport;
import io.softclose.bench.lab.WanPath;
import io.softclose.bench.lab.WanRelay;
import io.softclose.net.PeerId;
import io.softclose.net.tls.TlsIdentity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Networks of Softclose over mutual TLS, one for each node, and paths with latency between them. For one thread. */
final class SoftcloseWiring implements Wiring {
    static final String NAME = "softclose";

    private static final long LOOK_MILLIS = 10;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final List<SoftcloseTransport> transports = new ArrayList<>();
    private final List<PeerId> ids;
    private final WanRelay relay;
    private final Map<Way, WanPath> paths = new HashMap<>();

    /** From whom to whom connections are dialled. */
    private record Way(int from, int to) {
        boolean touches(int node) {
            return from == node || to == node;
        }
    }

    private SoftcloseWiring(List<PeerId> ids, WanRelay relay) {
        this.ids = ids;
        this.relay = relay;
    }

    /** Networks that listen, and paths into each of them. */
    static SoftcloseWiring open(RaftSettings settings, Object group) throws IOException, InterruptedException {
        List<TlsIdentity> identities = Stream.generate(TlsIdentity::fresh)
                .limit(settings.nodes())
                // So that who decides on duplicates does not depend on the keys.
                .sorted(Comparator.comparing(TlsIdentity::peerId))
                .toList();
        List<PeerId> ids = identities.stream().map(TlsIdentity::peerId).toList();
        SoftcloseWiring made = new SoftcloseWiring(ids, WanRelay.open());
        try {
            RaftCodec codec = new RaftCodec(group, settings.nodes());
            for (int node = 0; node < settings.nodes(); node++) {
                made.transports.add(new SoftcloseTransport(node, identities.get(node), ids, settings, codec));
            }
            for (int to = 0; to < settings.nodes(); to++) {
                InetSocketAddress address = made.transports.get(to).listen();
                for (int from = 0; from < settings.nodes(); from++) {
                    if (from != to) {
                        Random jitter = new Random((settings.seed() * settings.nodes() + from) * settings.nodes() + to);
                        made.paths.put(new Way(from, to), made.relay.path(address, settings.path(), jitter));
                    }
                }
            }
            return made;
        } catch (IOException | RuntimeException failed) {
            made.end();
            throw failed;
        }
    }

    @Override
    public Transport transport(int node) {
        return transports.get(node);
    }

    /** Has the nodes dial each other, and waits until each has a connection to each other. */
    @Override
    public void connect(List<RaftNode> nodes) throws InterruptedException {
        for (int node = 0; node < nodes.size(); node++) {
            transports.get(node).receive(nodes.get(node), addresses(node));
        }
        long start = System.nanoTime();
        while (!transports.stream().allMatch(SoftcloseTransport::connectedToAll)) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new IllegalStateException("there was not a connection between each two nodes within 60 s");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        transports.forEach(SoftcloseTransport::begin);
    }

    private Map<PeerId, List<SocketAddress>> addresses(int from) {
        Map<PeerId, List<SocketAddress>> addresses = new HashMap<>();
        paths.forEach((way, path) -> {
            if (way.from() == from) {
                addresses.put(ids.get(way.to()), List.of(path.address()));
            }
        });
        return addresses;
    }

    @Override
    public boolean mayFail() {
        return true;
    }

    @Override
    public void reset(int one, int other) {
        paths.forEach((way, path) -> {
            if (way.touches(one) && way.touches(other)) {
                path.reset();
            }
        });
    }

    @Override
    public void hold(int node) {
        each(node, WanPath::hold);
    }

    @Override
    public void release(int node) {
        each(node, WanPath::release);
    }

    private void each(int node, Consumer<WanPath> action) {
        paths.forEach((way, path) -> {
            if (way.touches(node)) {
                action.accept(path);
            }
        });
    }

    @Override
    public RaftResult.Traffic traffic() {
        List<RaftResult.Traffic> each =
                transports.stream().map(SoftcloseTransport::traffic).toList();
        return new RaftResult.Traffic(
                each.stream().mapToLong(RaftResult.Traffic::messages).sum(),
                each.stream().mapToLong(RaftResult.Traffic::notSent).sum(),
                each.stream().mapToLong(RaftResult.Traffic::handedOver).sum(),
                each.stream().mapToLong(RaftResult.Traffic::connections).sum(),
                each.stream().flatMap(one -> one.faults().stream()).toList());
    }

    @Override
    public void end() throws InterruptedException {
        transports.forEach(SoftcloseTransport::shutdown);
        for (SoftcloseTransport transport : transports) {
            transport.awaitShutdown();
        }
        relay.close();
    }
}
