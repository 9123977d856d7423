/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static java.util.Objects.requireNonNull;

import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/** The identity of a node: 32 bytes, written as 64 hexadecimal digits. AptosNet uses the account address. */
public final class PeerId implements Comparable<PeerId> {
    /** Length of an identity in bytes. */
    public static final int LENGTH = 32;

    private static final HexFormat HEX = HexFormat.of();

    private final byte[] bytes;

    private PeerId(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * An identity from its bytes, which are copied.
     *
     * @throws IllegalArgumentException if there are not exactly 32 bytes
     */
    public static PeerId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("peer id: " + bytes.length + " bytes (expected: " + LENGTH + ")");
        }
        return new PeerId(bytes.clone());
    }

    /**
     * An identity from its text form: 64 hexadecimal digits, optionally after {@code 0x}.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static PeerId parse(String text) {
        String digits = text.startsWith("0x") ? text.substring(2) : text;
        if (digits.length() != 2 * LENGTH || !digits.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException(
                    "peer id: \"" + text + "\" (expected: " + 2 * LENGTH + " hexadecimal digits, optionally after 0x)");
        }
        return new PeerId(HEX.parseHex(digits));
    }

    /** A random identity, for nodes that need none that lasts. */
    public static PeerId random() {
        byte[] bytes = new byte[LENGTH];
        new SecureRandom().nextBytes(bytes);
        return new PeerId(bytes);
    }

    /**
     * The stand-in identity of a peer of which only the address is known: the SHA-256 digest of the address's text. It
     * proves nothing about who is there.
     */
    public static PeerId ofAddress(SocketAddress address) {
        requireNonNull(address, "address");
        return new PeerId(sha256(address.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The identity that a key proves: the SHA-256 digest of its SubjectPublicKeyInfo, as a certificate carries it (RFC 5280).
     *
     * @throws IllegalArgumentException if the key has no such encoding
     */
    public static PeerId ofKey(PublicKey key) {
        byte[] encoded = key.getEncoded();
        if (encoded == null || !"X.509".equals(key.getFormat())) {
            throw new IllegalArgumentException("key: encoded as " + key.getFormat() + " (expected: X.509)");
        }
        return new PeerId(sha256(encoded));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is required of every Java platform", e);
        }
    }

    /** A copy of the 32 bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The first four bytes as eight hexadecimal digits: AptosNet's short form, for logs. */
    public String shortText() {
        return HEX.formatHex(bytes, 0, 4);
    }

    /** Orders by unsigned bytes, first byte first. */
    @Override
    public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerId that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The text form, 64 hexadecimal digits. */
    @Override
    public String toString() {
        return HEX.formatHex(bytes);
    }
}
