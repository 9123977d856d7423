/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.data;

/** A file that has no results, or not all that a result has. The message names the file, what was found and what was expected. */
public final class BadResultException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Of a file. */
    public BadResultException(String file, String what) {
        super(file + ": " + what);
    }

    /** Of a file, because of this. */
    BadResultException(String file, String what, Throwable cause) {
        super(file + ": " + what, cause);
    }
}
