/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import io.softclose.net.ProtocolId;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which protocol a byte on the wire is: AptosNet's, and those of an application's own that a node speaks. Immutable.
 */
public final class KnownProtocols {
    /** AptosNet's alone. */
    public static final KnownProtocols APTOS_NET = new KnownProtocols(ProtocolId.aptosNet());

    private final @Nullable ProtocolId[] byId = new ProtocolId[Unsigned.MAX_U8 + 1];

    private KnownProtocols(Collection<ProtocolId> protocols) {
        protocols.forEach(protocol -> byId[protocol.id()] = protocol);
    }

    /** AptosNet's, and those of these that are an application's own. */
    public static KnownProtocols with(Collection<ProtocolId> spoken) {
        if (spoken.stream().noneMatch(ProtocolId::isOwn)) {
            return APTOS_NET;
        }
        return new KnownProtocols(
                Stream.concat(APTOS_NET.all(), spoken.stream()).distinct().toList());
    }

    /** The protocol with this byte, 0 to 255; null if there is none. */
    @Nullable
    ProtocolId at(int id) {
        return byId[id];
    }

    /** In the order of ids. */
    Stream<ProtocolId> all() {
        return Arrays.stream(byId).filter(Objects::nonNull);
    }
}
