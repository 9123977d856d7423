/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.data;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads result files, and finds out by what is in them who has written them. */
public final class ResultReader {
    /** The most bytes that a file may have: a long campaign's have some hundred thousand. */
    static final int MOST_BYTES = 16 << 20;

    private static final String EXPECTED =
            " (expected: what compare --json, compare --timeline, testnet --json or JMH's -rf json has written)";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ResultReader() {}

    /**
     * What a file says.
     *
     * @throws BadResultException if it is no result, or lacks something; says what
     */
    public static Result read(Path file) throws BadResultException {
        String name = String.valueOf(file.getFileName());
        byte[] content = content(name, file);
        try {
            return of(name, MAPPER.readTree(content));
        } catch (JsonEOFException e) {
            throw new BadResultException(name, "cut off" + place(e) + EXPECTED, e);
        } catch (JsonProcessingException e) {
            throw new BadResultException(name, "not JSON" + place(e) + ": " + e.getOriginalMessage() + EXPECTED, e);
        } catch (IOException e) {
            throw new BadResultException(name, "cannot be read: " + e, e);
        }
    }

    private static byte[] content(String name, Path file) throws BadResultException {
        if (!Files.isRegularFile(file)) {
            throw new BadResultException(name, (Files.exists(file) ? "no file" : "not there") + EXPECTED);
        }
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            throw new BadResultException(name, "cannot be read: " + e, e);
        }
        if (content.length > MOST_BYTES) {
            throw new BadResultException(name, "longer than " + MOST_BYTES + " bytes (expected: at most that)");
        }
        return content;
    }

    private static Result of(String name, JsonNode root) throws BadResultException {
        if (root.isArray() && !root.isEmpty() && root.get(0).has("benchmark")) {
            return JmhResult.of(name, root);
        }
        if (root.has("cells")) {
            return CompareResult.of(Fields.of(name, "", root));
        }
        if (root.path("settings").has("nodes")) {
            throw new BadResultException(name, "what raft has measured" + EXPECTED);
        }
        if (root.has("runs")) {
            return TestnetResult.of(Fields.of(name, "", root));
        }
        if (root.has("timeline")) {
            return TimelineResult.of(Fields.of(name, "", root));
        }
        throw new BadResultException(name, found(name, root) + EXPECTED);
    }

    private static String found(String name, JsonNode root) throws BadResultException {
        if (root.isMissingNode()) {
            return "empty";
        }
        if (root.isObject()) {
            List<String> names = Fields.of(name, "", root).names();
            return names.isEmpty()
                    ? "an object without fields"
                    : "an object with " + String.join(", ", names.subList(0, Math.min(5, names.size())));
        }
        return root.isArray() ? "an array without benchmarks" : "a single value";
    }

    private static String place(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
