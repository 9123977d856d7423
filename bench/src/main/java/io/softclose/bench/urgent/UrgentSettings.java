/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.urgent;

import io.softclose.net.Limits;

/** What a node is told about messages that cannot be overtaken. */
public enum UrgentSettings {
    /** Frames as long as the peer takes, and send buffers as large as the system wants. */
    WITHOUT {
        @Override
        Limits limits() {
            return Limits.builder()
                    .fragmentSize(Limits.defaults().chunkSize())
                    .unsentBytes(0)
                    .build();
        }
    },
    /** Short frames only. */
    FRAGMENTS {
        @Override
        Limits limits() {
            return Limits.builder().unsentBytes(0).build();
        }
    },
    /** The defaults: short frames, and little that is unsent. */
    DEFAULT {
        @Override
        Limits limits() {
            return Limits.defaults();
        }
    };

    abstract Limits limits();
}
