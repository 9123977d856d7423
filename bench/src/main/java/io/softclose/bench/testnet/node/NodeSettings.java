/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.node;

import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.testnet.consensus.ValidatorSettings;
import io.softclose.bench.testnet.consensus.ValidatorSettings.Load;
import io.softclose.net.PeerId;
import io.softclose.net.spi.Require;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one validator is told, wherever it runs.
 *
 * @param index its place among the validators, from 0
 * @param validators all of them, in an order that is the same for all
 * @param variant its close policy, and whether messages outlive their connection
 * @param transport that of its network, below TLS
 * @param socketBufferBytes of each of its sockets, each way; {@link AnyTransport#DEFAULT_BUFFER} leaves it to the operating system
 * @param healthInterval how often it checks each connection's health, and how long an answer may take
 * @param reconnectInterval how often it looks for peers without a connection, and how long it waits after the first failure
 * @param roundTimeout how long it waits for a round before it gives it up, for the first time
 * @param load what it sends besides votes
 * @param seed of everything that is left to chance, the same for all validators
 */
public record NodeSettings(
        int index,
        List<PeerId> validators,
        Variant variant,
        AnyTransport transport,
        int socketBufferBytes,
        Duration healthInterval,
        Duration reconnectInterval,
        Duration roundTimeout,
        TrafficLoad load,
        long seed) {
    private static final int MOST_ROUND_TIMEOUTS = 3;
    private static final double TIMEOUT_GROWTH = 1.2;

    /** Copies the list, and checks the rest. */
    public NodeSettings {
        validators = List.copyOf(validators);
        Require.within("index", index, 0, validators.size() - 1L);
        Require.notNegative("socketBufferBytes", socketBufferBytes);
        Require.positive("healthInterval", healthInterval);
        Require.positive("reconnectInterval", reconnectInterval);
        Require.positive("roundTimeout", roundTimeout);
    }

    /** Who it is. */
    public PeerId self() {
        return validators.get(index);
    }

    /** The part that is its consensus'. */
    ValidatorSettings consensus() {
        return ValidatorSettings.builder(index, validators)
                .roundTimeout(roundTimeout, TIMEOUT_GROWTH, roundTimeout.multipliedBy(MOST_ROUND_TIMEOUTS))
                .proposalBytes(load.proposalBytes())
                .load(load.traffic())
                .seed(seed * validators.size() + index)
                .build();
    }

    /** All of it in one line, for {@link #parse}. */
    public String line() {
        Load traffic = load.traffic();
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("index", index);
        words.put("validators", validators.stream().map(PeerId::toString).collect(Collectors.joining(",")));
        words.put("policy", variant.policy());
        words.put("handOver", variant.handOver());
        words.put("transport", transport);
        words.put("socketBufferBytes", socketBufferBytes);
        words.put("healthInterval", healthInterval);
        words.put("reconnectInterval", reconnectInterval);
        words.put("roundTimeout", roundTimeout);
        words.put("proposalBytes", load.proposalBytes());
        words.put("batchesPerSecond", traffic.batchesPerSecond());
        words.put("batchBytes", traffic.batchBytes());
        words.put("mempoolPerSecond", traffic.mempoolPerSecond());
        words.put("mempoolBytes", traffic.mempoolBytes());
        words.put("seed", seed);
        return words.entrySet().stream()
                .map(word -> word.getKey() + "=" + word.getValue())
                .collect(Collectors.joining(" "));
    }

    /**
     * Reads such a line.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static NodeSettings parse(String line) {
        Words words = new Words(Arrays.stream(line.split(" "))
                .map(word -> word.split("=", 2))
                .filter(word -> word.length == 2)
                .collect(Collectors.toMap(word -> word[0], word -> word[1], (one, other) -> other)));
        return new NodeSettings(
                Integer.parseInt(words.get("index")),
                Arrays.stream(words.get("validators").split(","))
                        .map(PeerId::parse)
                        .toList(),
                new Variant(words.get("policy"), HandOver.valueOf(words.get("handOver"))),
                AnyTransport.valueOf(words.get("transport")),
                Integer.parseInt(words.get("socketBufferBytes")),
                Duration.parse(words.get("healthInterval")),
                Duration.parse(words.get("reconnectInterval")),
                Duration.parse(words.get("roundTimeout")),
                new TrafficLoad(
                        Integer.parseInt(words.get("proposalBytes")),
                        new Load(
                                Double.parseDouble(words.get("batchesPerSecond")),
                                Integer.parseInt(words.get("batchBytes")),
                                Double.parseDouble(words.get("mempoolPerSecond")),
                                Integer.parseInt(words.get("mempoolBytes")))),
                Long.parseLong(words.get("seed")));
    }

    /** The words of a line, by their names. */
    private record Words(Map<String, String> values) {
        String get(String name) {
            String value = values.get(name);
            if (value == null) {
                throw new IllegalArgumentException("settings: no " + name + " (expected: one)");
            }
            return value;
        }
    }
}
