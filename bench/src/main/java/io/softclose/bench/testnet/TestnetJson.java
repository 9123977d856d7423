/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet;

import com.fasterxml.jackson.core.JsonGenerator;
import io.softclose.bench.Json;
import io.softclose.bench.Origin;
import io.softclose.bench.testnet.RunResult.Finished;
import io.softclose.bench.testnet.figures.ChainFigures;
import io.softclose.bench.testnet.figures.NetworkFigures;
import io.softclose.bench.testnet.figures.RoundTimes;
import io.softclose.bench.testnet.node.HandOver;
import io.softclose.bench.testnet.node.Missing;
import io.softclose.net.DisconnectReason;
import java.io.IOException;
import java.util.List;

/** The JSON document of a comparison, and of each of its runs. */
public final class TestnetJson {
    private TestnetJson() {}

    static String of(TestnetComparison comparison, Origin origin) {
        return Json.object(json -> {
            json.writeBooleanField("passed", comparison.passed());
            json.writeBooleanField("interrupted", comparison.interrupted());
            origin.write(json);
            settings(json, comparison.settings());
            json.writeArrayFieldStart("runs");
            for (RunResult result : comparison.results()) {
                run(json, result);
            }
            json.writeEndArray();
        });
    }

    private static void settings(JsonGenerator json, TestnetSettings settings) throws IOException {
        json.writeObjectFieldStart("settings");
        json.writeNumberField("validators", TestnetSettings.VALIDATORS);
        json.writeStringField("transport", settings.transport().name());
        json.writeNumberField("latencyMillis", Json.millis(settings.path().latency()));
        json.writeNumberField("jitterMillis", Json.millis(settings.path().jitter()));
        json.writeNumberField("bytesPerSecond", settings.path().bytesPerSecond());
        json.writeNumberField("healthIntervalMillis", Json.millis(settings.healthInterval()));
        json.writeNumberField("reconnectIntervalMillis", Json.millis(settings.reconnectInterval()));
        json.writeNumberField("roundTimeoutMillis", Json.millis(settings.roundTimeout()));
        json.writeNumberField("durationMillis", Json.millis(settings.duration()));
        json.writeBooleanField("processes", settings.placement() != Placement.ONE_PROCESS);
        json.writeBooleanField("netns", settings.placement() == Placement.NAMESPACES);
        json.writeNumberField("lossPercent", settings.lossPercent());
        json.writeNumberField("seed", settings.seed());
        faults(json, settings.faults());
        json.writeEndObject();
    }

    private static void faults(JsonGenerator json, Faults faults) throws IOException {
        List<String> named = List.of();
        if (faults instanceof Faults.ByChance chance) {
            json.writeNumberField("resetEveryMillis", Json.millis(chance.resetEvery()));
            named = chance.labels();
        } else if (faults instanceof Faults.Scripted script) {
            json.writeStringField("faultScript", script.name());
            named = FaultScript.lines(script.plan());
        }
        json.writeArrayFieldStart("faults");
        for (String each : named) {
            json.writeString(each);
        }
        json.writeEndArray();
    }

    /** Writes a run as an object. */
    public static void run(JsonGenerator json, RunResult result) throws IOException {
        json.writeStartObject();
        json.writeStringField("policy", result.variant().policy());
        json.writeBooleanField("handOver", result.variant().handOver() == HandOver.ON);
        if (result instanceof Finished finished) {
            chain(json, finished.chain());
            network(json, finished.network());
            json.writeBooleanField("safe", finished.safe());
            json.writeBooleanField("balanced", finished.balanced());
        }
        json.writeArrayFieldStart("faults");
        for (String fault : result.faults()) {
            json.writeString(fault);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("missing");
        for (Missing missing : result.missing()) {
            json.writeStartObject();
            json.writeNumberField("validator", missing.validator());
            json.writeNumberField("pending", missing.pending());
            json.writeNumberField("ageMillis", Json.millis(missing.age()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void chain(JsonGenerator json, ChainFigures chain) throws IOException {
        json.writeNumberField("measuredMillis", Json.millis(chain.measured()));
        json.writeNumberField("rounds", chain.rounds());
        json.writeNumberField("roundsPerMinute", chain.roundsPerMinute());
        json.writeNumberField("commits", chain.commits());
        times(json, "roundMillis", chain.roundTimes());
        times(json, "correctedRoundMillis", chain.correctedTimes());
        json.writeNumberField("missedProposals", chain.missedProposals());
        json.writeNumberField("timeouts", chain.timeouts());
        json.writeObjectFieldStart("votes");
        json.writeNumberField("sent", chain.votes().sent());
        json.writeNumberField("refused", chain.votes().refused());
        json.writeNumberField("handedOver", chain.votes().handedOver());
        json.writeNumberField("handOvers", chain.votes().handOvers());
        json.writeNumberField("lost", chain.votes().lost());
        if (chain.votes().silent().isPresent()) {
            json.writeNumberField("silent", chain.votes().silent().getAsLong());
        } else {
            json.writeNullField("silent");
        }
        json.writeNumberField("untold", chain.votes().untold());
        json.writeEndObject();
    }

    private static void times(JsonGenerator json, String name, RoundTimes times) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("p50", Json.millis(times.median()));
        json.writeNumberField("p99", Json.millis(times.p99()));
        json.writeNumberField("longest", Json.millis(times.longest()));
        json.writeArrayFieldStart("distribution");
        for (RoundTimes.Share share : times.distribution()) {
            json.writeStartObject();
            json.writeNumberField("percent", share.percent());
            json.writeNumberField("millis", Json.millis(share.atMost()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void network(JsonGenerator json, NetworkFigures network) throws IOException {
        json.writeNumberField("accepted", network.accepted());
        Json.outcomes(json, network.outcomes());
        json.writeNumberField("handedOver", network.handedOver());
        json.writeNumberField("reconnections", network.reconnections());
        json.writeObjectFieldStart("closes");
        for (DisconnectReason reason : DisconnectReason.values()) {
            long closes = network.closes().getOrDefault(reason, 0L);
            if (closes > 0) {
                json.writeNumberField(reason.name(), closes);
            }
        }
        json.writeEndObject();
    }
}
