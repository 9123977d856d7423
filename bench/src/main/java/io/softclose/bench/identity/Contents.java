/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.identity;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files whole, and says in words why it cannot. */
final class Contents {
    /** Of passwords and PEM files. */
    static final Charset CHARSET = StandardCharsets.UTF_8;

    private Contents() {}

    static byte[] of(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException absent) {
            throw new IOException("\"" + file + "\": there is no such file", absent);
        } catch (IOException unreadable) {
            throw new IOException("\"" + file + "\": cannot be read (" + unreadable.getMessage() + ")", unreadable);
        }
    }
}
