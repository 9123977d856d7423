/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import io.softclose.net.ProtocolId;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a protocol by AptosNet's name, whatever its case, or one of an application's own as {@code ID:NAME}. */
public final class ProtocolConverter implements ITypeConverter<ProtocolId> {
    /** Every protocol of AptosNet's that can carry messages. */
    public static final List<ProtocolId> USABLE = ProtocolId.aptosNet().stream()
            .filter(protocol -> !protocol.equals(ProtocolId.UNKNOWN))
            .toList();

    private static final Pattern OWN = Pattern.compile("(\\d{1,3}):(.+)");

    @Override
    public ProtocolId convert(String text) {
        Matcher own = OWN.matcher(text);
        if (own.matches()) {
            try {
                return ProtocolId.of(Integer.parseInt(own.group(1)), own.group(2));
            } catch (IllegalArgumentException refused) {
                throw new TypeConversionException("protocol: \"" + text + "\": " + refused.getMessage());
            }
        }
        return ProtocolId.ofName(text)
                .filter(USABLE::contains)
                .orElseThrow(() -> new TypeConversionException("protocol: \"" + text + "\" (expected: one of "
                        + USABLE.stream().map(ProtocolId::name).toList()
                        + ", or one of your own: 64:NAME to 127:NAME)"));
    }
}
