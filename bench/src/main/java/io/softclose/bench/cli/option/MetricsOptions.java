/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import io.softclose.bench.node.Endpoint;
import io.softclose.bench.node.EventLog;
import io.softclose.bench.node.MetricsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that say where metrics are served. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class MetricsOptions {
    private static final int MOST = 0xFFFF;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--metrics",
            paramLabel = "PORT",
            description =
                    "Serves what happens as numbers, for Prometheus, at http://127.0.0.1:PORT/metrics; port 0 lets the"
                            + " system choose, and it is printed. Without it nothing is served.")
    private @Nullable Integer port;

    @Option(
            names = "--metrics-host",
            paramLabel = "HOST",
            description = "Serves metrics on this address of the host instead, to whoever reaches it.")
    private @Nullable String host;

    /** Whether it is asked for. */
    public boolean asked() {
        return port != null;
    }

    /**
     * As {@link #serve()}, and prints where.
     *
     * @throws ParameterException if the options make no sense
     * @throws IOException if nothing can be served there
     */
    public Optional<MetricsServer> serve(EventLog log) throws IOException {
        Optional<MetricsServer> served = serve();
        served.ifPresent(server ->
                log.print("metrics", json -> json.writeStringField("address", Endpoint.format(server.address()))));
        return served;
    }

    /**
     * Begins to serve, if that is asked for.
     *
     * @throws ParameterException if the options make no sense
     * @throws IOException if nothing can be served there
     */
    public Optional<MetricsServer> serve() throws IOException {
        Integer asked = port;
        if (asked == null) {
            if (host != null) {
                throw new ParameterException(
                        spec.commandLine(), "metrics-host: " + host + " (expected: with --metrics PORT)");
            }
            return Optional.empty();
        }
        if (asked < 0 || asked > MOST) {
            throw new ParameterException(spec.commandLine(), "metrics: " + asked + " (expected: 0 to " + MOST + ")");
        }
        InetAddress at = host == null ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host);
        return Optional.of(MetricsServer.listen(new InetSocketAddress(at, asked)));
    }
}
