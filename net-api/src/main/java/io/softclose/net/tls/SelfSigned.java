/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/**
 * Writes the certificate that a key on the P-256 curve signs for itself, in DER (RFC 5280, ITU-T X.690). TLS has no way to
 * show a bare key that the JDK knows, and the JDK no API that makes certificates. It only ever writes.
 */
final class SelfSigned {
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int UTF8_STRING = 0x0c;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int VERSION = 0xa0;

    private static final byte[] VERSION_3 = {2};
    /** An object identifier, tagged: ecdsa-with-SHA256. */
    private static final byte[] ECDSA_WITH_SHA256 = HexFormat.of().parseHex("06082a8648ce3d040302");
    /** An object identifier, tagged: commonName. */
    private static final byte[] COMMON_NAME = HexFormat.of().parseHex("0603550403");

    /** Years before this one have two digits (RFC 5280, section 4.1.2.5). */
    private static final int FIRST_LONG_YEAR = 2050;

    private static final DateTimeFormatter SHORT_TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'");
    private static final DateTimeFormatter LONG_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");

    private SelfSigned() {}

    /**
     * A certificate.
     *
     * @param name of its owner, who is also its issuer
     */
    static X509Certificate of(KeyPair key, String name, Instant from, Instant until) throws GeneralSecurityException {
        byte[] algorithm = tagged(SEQUENCE, ECDSA_WITH_SHA256);
        byte[] owner = tagged(
                SEQUENCE,
                tagged(SET, tagged(SEQUENCE, COMMON_NAME, tagged(UTF8_STRING, name.getBytes(StandardCharsets.UTF_8)))));
        byte[] signed = tagged(
                SEQUENCE,
                tagged(VERSION, tagged(INTEGER, VERSION_3)),
                tagged(INTEGER, BigInteger.valueOf(from.toEpochMilli()).abs().toByteArray()),
                algorithm,
                owner,
                tagged(SEQUENCE, time(from), time(until)),
                owner,
                key.getPublic().getEncoded());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key.getPrivate());
        signature.update(signed);
        byte[] whole = tagged(SEQUENCE, signed, algorithm, tagged(BIT_STRING, new byte[] {0}, signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }

    private static byte[] time(Instant instant) {
        OffsetDateTime utc = instant.atOffset(ZoneOffset.UTC);
        boolean isShort = utc.getYear() < FIRST_LONG_YEAR;
        String text = (isShort ? SHORT_TIME : LONG_TIME).format(utc);
        return tagged(isShort ? UTC_TIME : GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= 0x80) {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int from = digits[0] == 0 ? 1 : 0;
            out.write(0x80 | (digits.length - from));
            out.write(digits, from, digits.length - from);
        } else {
            out.write(length);
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
