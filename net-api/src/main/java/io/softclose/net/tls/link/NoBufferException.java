/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls.link;

/** There is no memory for a buffer now, and nothing has changed: what was to be done is to be tried again later. */
final class NoBufferException extends Exception {
    private static final long serialVersionUID = 1L;

    NoBufferException() {
        super("no memory for a buffer", null, false, false);
    }
}
