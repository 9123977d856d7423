/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object of a result file. What is missing or of another kind than expected is a {@link BadResultException} that
 * says where. Fields that nobody asks for are let be.
 */
final class Fields {
    private static final int MOST_SHOWN = 80;

    private final String file;
    private final String path;
    private final JsonNode object;

    private Fields(String file, String path, JsonNode object) {
        this.file = file;
        this.path = path;
        this.object = object;
    }

    /**
     * Those of a value.
     *
     * @param file its name, for complaints
     * @param path where in the file it is
     * @throws BadResultException if it is no object
     */
    static Fields of(String file, String path, JsonNode value) throws BadResultException {
        if (!value.isObject()) {
            throw new BadResultException(file, path + ": " + shown(value) + " (expected: an object)");
        }
        return new Fields(file, path, value);
    }

    String file() {
        return file;
    }

    boolean has(String name) {
        return object.has(name);
    }

    /** Their names, in the order of the file. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    String text(String name) throws BadResultException {
        JsonNode value = value(name, "text");
        return require(value, value.isTextual(), name, "text").textValue();
    }

    boolean flag(String name) throws BadResultException {
        JsonNode value = value(name, "true or false");
        return require(value, value.isBoolean(), name, "true or false").booleanValue();
    }

    /** A whole number that is not negative. */
    long count(String name) throws BadResultException {
        JsonNode value = value(name, "a count");
        boolean isCount = value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0;
        return require(value, isCount, name, "a count").longValue();
    }

    /** A count, or none where the file has null. */
    Optional<Long> countOrNull(String name) throws BadResultException {
        return value(name, "a count or null").isNull() ? Optional.empty() : Optional.of(count(name));
    }

    /** A finite number. */
    double number(String name) throws BadResultException {
        JsonNode value = value(name, "a number");
        boolean isNumber = value.isNumber() && Double.isFinite(value.doubleValue());
        return require(value, isNumber, name, "a number").doubleValue();
    }

    /** A finite number that is not negative, such as a time. */
    double amount(String name) throws BadResultException {
        double amount = number(name);
        require(value(name, "a number"), amount >= 0, name, "zero or more");
        return amount;
    }

    /** A number, or none where the file has NaN, which JMH writes as text. */
    Optional<Double> numberOrNaN(String name) throws BadResultException {
        JsonNode value = value(name, "a number or \"NaN\"");
        return value.isTextual() && value.textValue().equals("NaN") ? Optional.empty() : Optional.of(number(name));
    }

    Fields object(String name) throws BadResultException {
        return of(file, at(name), value(name, "an object"));
    }

    /** The objects of an array. */
    List<Fields> objects(String name) throws BadResultException {
        return objects(file, at(name), value(name, "an array"));
    }

    /** The objects of an array. */
    static List<Fields> objects(String file, String path, JsonNode array) throws BadResultException {
        if (!array.isArray()) {
            throw new BadResultException(file, path + ": " + shown(array) + " (expected: an array)");
        }
        List<Fields> objects = new ArrayList<>();
        for (JsonNode element : array) {
            objects.add(of(file, path + "[" + objects.size() + "]", element));
        }
        return objects;
    }

    List<String> texts(String name) throws BadResultException {
        JsonNode array = value(name, "an array of text");
        require(array, array.isArray(), name, "an array of text");
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array) {
            texts.add(require(element, element.isTextual(), name + "[" + texts.size() + "]", "text")
                    .textValue());
        }
        return texts;
    }

    /** All fields as text, in the order of the file, those of objects with both names; of arrays, the elements. */
    Map<String, String> inWords() {
        Map<String, String> words = new LinkedHashMap<>();
        addWords(words, "", object);
        return words;
    }

    private static void addWords(Map<String, String> words, String prefix, JsonNode object) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String name = prefix.isEmpty() ? field.getKey() : prefix + " " + field.getKey();
            if (field.getValue().isObject()) {
                addWords(words, name, field.getValue());
            } else if (field.getValue().isArray()) {
                List<String> elements = new ArrayList<>();
                field.getValue().forEach(element -> elements.add(element.asText()));
                words.put(name, String.join(", ", elements));
            } else {
                words.put(name, field.getValue().asText());
            }
        }
    }

    /** A complaint about a field of these. */
    BadResultException bad(String name, String what) {
        return new BadResultException(file, at(name) + ": " + what);
    }

    private JsonNode value(String name, String expected) throws BadResultException {
        @Nullable JsonNode value = object.get(name);
        if (value == null) {
            throw bad(name, "missing (expected: " + expected + ")");
        }
        return value;
    }

    private JsonNode require(JsonNode value, boolean good, String name, String expected) throws BadResultException {
        if (!good) {
            throw bad(name, shown(value) + " (expected: " + expected + ")");
        }
        return value;
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }
}
