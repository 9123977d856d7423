/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;

/** Standard output or error that says when it is broken, because nobody reads it any more: a stream only notes that. */
final class StandardOutput extends Writer {
    private final PrintStream stream;

    private StandardOutput(PrintStream stream) {
        this.stream = stream;
    }

    /** A writer to this stream. Its {@link PrintWriter#checkError} tells the truth. */
    static PrintWriter to(PrintStream stream) {
        return new PrintWriter(new StandardOutput(stream), true);
    }

    @Override
    public void write(char[] buffer, int offset, int length) {
        stream.print(new String(buffer, offset, length));
    }

    @Override
    public void write(String text, int offset, int length) {
        stream.print(text.substring(offset, offset + length));
    }

    @Override
    public void flush() throws IOException {
        if (stream.checkError()) {
            throw new IOException("broken output (expected: one that is read)");
        }
    }

    @Override
    public void close() throws IOException {
        flush();
    }
}
