/* SPDX-License-Identifier: Apache-2.0 */
/** Links over TLS: records and their buffers, the handshake, what is waited for, and the end. Not exported. */
@NullMarked
package io.softclose.net.tls.link;

import org.jspecify.annotations.NullMarked;
