/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli;

import io.softclose.net.ProtocolId;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a protocol by AptosNet's name, whatever its case. */
public final class ProtocolConverter implements ITypeConverter<ProtocolId> {
    /** Every protocol that can carry messages. */
    public static final List<ProtocolId> USABLE = Arrays.stream(ProtocolId.values())
            .filter(protocol -> protocol != ProtocolId.UNKNOWN)
            .toList();

    @Override
    public ProtocolId convert(String text) {
        return ProtocolId.ofName(text)
                .filter(USABLE::contains)
                .orElseThrow(() -> new TypeConversionException("protocol: \"" + text + "\" (expected: one of "
                        + USABLE.stream().map(ProtocolId::wireName).toList() + ")"));
    }
}
