/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The password of key stores. It comes from a file or from the environment: a command line is shown to whoever asks for the
 * list of processes. Without either it is empty, and the key is guarded by who may read its file.
 */
public final class Password {
    /** The variable of the environment that has it. */
    public static final String VARIABLE = "SOFTCLOSE_TLS_PASSWORD";

    private final char[] characters;
    private final String source;

    private Password(String text, String source) throws IOException {
        if (!text.chars().allMatch(character -> character >= ' ' && character <= '~')) {
            throw new IOException(source + ": a character that the JDK's key stores do not take (expected: ASCII)");
        }
        characters = text.toCharArray();
        this.source = source;
    }

    /**
     * Finds it: in the file, if there is one, or else in the environment.
     *
     * @param file its first line is the password
     * @throws IOException if the file cannot be read, or the password is not ASCII; its message says which
     */
    public static Password of(Optional<Path> file, Map<String, String> environment) throws IOException {
        if (file.isPresent()) {
            String text = new String(Contents.of(file.get()), Contents.CHARSET);
            return new Password(text.lines().findFirst().orElse(""), "the first line of " + file.get());
        }
        String variable = environment.get(VARIABLE);
        return variable == null
                ? new Password("", "none, for neither a file nor " + VARIABLE + " has one")
                : new Password(variable, VARIABLE);
    }

    /** The password itself; not copied. */
    char[] characters() {
        return characters;
    }

    /** Where it is from, and never what it is. */
    @Override
    public String toString() {
        return source;
    }
}
