/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.softclose.net.metrics.NetworkMetrics;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves the meters of networks as Prometheus reads them: {@code GET /metrics}, in its text format. Two threads answer, and whoever
 * takes longer than ten seconds for a request or its answer is cut off. Thread-safe.
 */
public final class MetricsServer implements AutoCloseable {
    private static final String PATH = "/metrics";
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final int THREADS = 2;
    private static final int MOST_WAITING = 16;
    /** In seconds; properties of the JDK's server, which has no limits of its own. */
    private static final List<String> TIME_LIMITS =
            List.of("sun.net.httpserver.maxReqTime", "sun.net.httpserver.maxRspTime");

    private static final String TIME_LIMIT = "10";
    private static final String MOST_CONNECTIONS = "jdk.httpserver.maxConnections";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final List<NetworkMetrics> networks = new CopyOnWriteArrayList<>();
    private final ThreadPoolExecutor threads;
    private final HttpServer server;

    private MetricsServer(HttpServer server, ThreadPoolExecutor threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Begins to serve.
     *
     * @param address port 0 lets the system choose
     * @throws IOException if it cannot be listened on; the message says where
     */
    public static MetricsServer listen(InetSocketAddress address) throws IOException {
        TIME_LIMITS.forEach(limit -> setUnlessSet(limit, TIME_LIMIT));
        setUnlessSet(MOST_CONNECTIONS, String.valueOf(MOST_WAITING));
        HttpServer server;
        try {
            server = HttpServer.create(address, MOST_WAITING);
        } catch (IOException taken) {
            throw new IOException(
                    "metrics: cannot listen on " + Endpoint.format(address) + ": " + taken.getMessage()
                            + " (expected: a free port of an address of this host; 0 lets the system choose)",
                    taken);
        }
        AtomicInteger made = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                1,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                task -> {
                    Thread thread = new Thread(task, "softclose-metrics-" + made.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.CallerRunsPolicy());
        threads.allowCoreThreadTimeOut(true);
        MetricsServer serving = new MetricsServer(server, threads);
        server.setExecutor(threads);
        server.createContext("/", serving::answer);
        server.start();
        return serving;
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /**
     * Meters of one more network, which is to have them as an observer. Closed with this.
     *
     * @param tags tell this network from others that are served here
     */
    public NetworkMetrics meters(Iterable<Tag> tags) {
        NetworkMetrics metrics = new NetworkMetrics(tags);
        networks.add(metrics);
        metrics.bindTo(registry);
        return metrics;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                say(exchange, HttpURLConnection.HTTP_NOT_FOUND, "nothing is here (expected: " + PATH + ")\n");
            } else if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                say(exchange, HttpURLConnection.HTTP_BAD_METHOD, method + " (expected: GET or HEAD)\n");
            } else {
                say(exchange, HttpURLConnection.HTTP_OK, registry.scrape(TEXT));
            }
        }
    }

    private static void say(HttpExchange exchange, int code, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        boolean headOnly = exchange.getRequestMethod().equals("HEAD");
        exchange.getResponseHeaders()
                .set("Content-Type", code == HttpURLConnection.HTTP_OK ? TEXT : "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(code, headOnly ? -1 : body.length);
        if (!headOnly) {
            exchange.getResponseBody().write(body);
        }
    }

    /** Answers nobody any more. Idempotent. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        networks.forEach(NetworkMetrics::close);
        registry.close();
    }
}
