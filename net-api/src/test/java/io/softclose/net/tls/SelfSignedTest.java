/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;

class SelfSignedTest {
    private static final Instant FROM = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant UNTIL = Instant.parse("2036-11-12T13:14:15Z");

    private final KeyPair key;

    SelfSignedTest() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        key = generator.generateKeyPair();
    }

    @Test
    void theKeySignsItsOwnCertificate() throws GeneralSecurityException {
        X509Certificate made = SelfSigned.of(key, "softclose 1a2b", FROM, UNTIL);

        made.verify(key.getPublic());
        assertEquals(key.getPublic(), made.getPublicKey());
        assertEquals(new X500Principal("CN=softclose 1a2b"), made.getSubjectX500Principal());
        assertEquals(made.getSubjectX500Principal(), made.getIssuerX500Principal());
        assertEquals("SHA256withECDSA", made.getSigAlgName());
        assertEquals(3, made.getVersion());
    }

    @Test
    void whatIsReadBackIsTheSame() throws GeneralSecurityException {
        X509Certificate made = SelfSigned.of(key, "softclose", FROM, UNTIL);

        X509Certificate read = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(made.getEncoded()));

        assertEquals(made, read);
        assertArrayEquals(made.getEncoded(), read.getEncoded());
    }

    @Test
    void theDatesAreTheOnesGivenInBothFormsOfTime() throws GeneralSecurityException {
        Instant longYear = Instant.parse("2050-01-01T00:00:00Z");
        Instant last = Instant.parse("9999-12-31T23:59:59Z");
        Instant[][] times = {{FROM, UNTIL}, {longYear.minusSeconds(1), longYear}, {FROM, last}};

        for (Instant[] time : times) {
            X509Certificate made = SelfSigned.of(key, "softclose", time[0], time[1]);

            assertEquals(time[0], made.getNotBefore().toInstant());
            assertEquals(time[1], made.getNotAfter().toInstant());
        }
    }

    @Test
    void itsSerialNumberIsPositiveAndAnotherForAnotherTime() throws GeneralSecurityException {
        X509Certificate one = SelfSigned.of(key, "softclose", FROM, UNTIL);
        X509Certificate other = SelfSigned.of(key, "softclose", FROM.plusMillis(1), UNTIL);

        assertEquals(1, one.getSerialNumber().signum());
        assertNotEquals(one.getSerialNumber(), other.getSerialNumber());
    }

    @Test
    void aNameOfAnyLengthIsWhole() throws GeneralSecurityException {
        for (int length : new int[] {1, 60, 100, 127, 128, 300}) {
            String name = "n".repeat(length);

            X509Certificate made = SelfSigned.of(key, name, FROM, UNTIL);

            made.verify(key.getPublic());
            assertTrue(made.getSubjectX500Principal().getName().equals("CN=" + name), () -> "length " + length);
        }
    }
}
