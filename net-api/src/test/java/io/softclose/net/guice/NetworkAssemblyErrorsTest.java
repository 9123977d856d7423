/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Module;
import com.google.inject.Stage;
import com.google.inject.spi.Message;
import io.softclose.net.MessageHandler;
import io.softclose.net.ProtocolId;
import io.softclose.net.guice.Plugins.PatientPolicyModule;
import io.softclose.net.guice.Plugins.PipeTransportModule;
import io.softclose.net.guice.Plugins.RadioTransportModule;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a newcomer reads when something is missing, or there twice. These tests find no provider, whatever is on their
 * path.
 */
class NetworkAssemblyErrorsTest {
    private static final String NO_TRANSPORT =
            "no transport (expected: a module of one, such as new NioTransportModule(), or"
                    + " NetworkModule.builder().transport(name); names found: none; is a plugin on the class path or module"
                    + " path?)";
    private static final String NO_CLOSE_POLICY =
            "no close policy (expected: a module of one, such as new GracefulPolicyModule(), or"
                    + " NetworkModule.builder().closePolicy(name); names found: none; is a plugin on the class path or"
                    + " module path?)";

    private static String asked(String service) {
        return "; asked: [the thread's context loader (WithoutServices), the loader of this library (AppClassLoader)] for"
                + " META-INF/services/io.softclose.net.spi." + service
                + " and for modules that provide it; is its module on"
                + " the class path or module path? were the files of META-INF/services merged, if this is one jar of many?)";
    }

    private final ClassLoader usual = Thread.currentThread().getContextClassLoader();

    @BeforeEach
    void hideProviders() {
        Thread.currentThread().setContextClassLoader(new WithoutServices(usual));
    }

    @AfterEach
    void restoreClassLoader() {
        Thread.currentThread().setContextClassLoader(usual);
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"DEVELOPMENT", "PRODUCTION"})
    void everythingThatIsMissingIsToldAtOnce(Stage stage) {
        CreationException refused = assertThrows(
                CreationException.class,
                () -> Guice.createInjector(
                        stage, network().build(), network().name("public").build()));

        assertEquals(
                List.of(
                        "network: " + NO_TRANSPORT,
                        "network: " + NO_CLOSE_POLICY,
                        "network \"public\": " + NO_TRANSPORT,
                        "network \"public\": " + NO_CLOSE_POLICY),
                messages(refused));
    }

    @Test
    void twoTransportsAreToldWithTheirModules() {
        assertRefused(
                List.of("network: 2 transports (expected: 1): [pipe of PipeTransportModule, radio of"
                        + " RadioTransportModule]"),
                network().build(),
                new PipeTransportModule(),
                new RadioTransportModule(),
                new PatientPolicyModule());
    }

    @Test
    void theSameModuleTwiceIsTwoChoices() {
        assertRefused(
                List.of("network: 2 close policies (expected: 1): [patient of PatientPolicyModule, patient of"
                        + " PatientPolicyModule]"),
                network().build(),
                new PipeTransportModule(),
                new PatientPolicyModule(),
                new PatientPolicyModule());
    }

    @Test
    void aChoiceOfTheNetworkItselfIsNotOverriddenInSilence() {
        assertRefused(
                List.of("network \"validator\": 2 close policies (expected: 1): [hasty of NetworkModule, patient of"
                        + " PatientPolicyModule]"),
                network().name("validator").closePolicy(Plugins.policy("hasty")).build(),
                new PipeTransportModule(),
                new PatientPolicyModule().forNetwork("validator"));
    }

    @Test
    void twoNetworksOfOneNameAreTold() {
        assertRefused(
                List.of("network \"validator\": 2 NetworkModules (expected: 1; NetworkModule.builder().name(...) tells"
                        + " networks apart)"),
                network().name("validator").build(),
                network().name("validator").build(),
                new PipeTransportModule(),
                new PatientPolicyModule());
    }

    @Test
    void aModuleForANetworkThatIsNotThereIsTold() {
        assertRefused(
                List.of(
                        "PipeTransportModule: no network \"validater\" (expected: one of [public, validator])",
                        "network \"public\": " + NO_TRANSPORT,
                        "network \"validator\": " + NO_TRANSPORT),
                network().name("public").build(),
                network().name("validator").build(),
                new PipeTransportModule().forNetwork("validater"),
                new PatientPolicyModule());
    }

    @Test
    void aPluginWithoutANetworkIsTold() {
        assertRefused(
                List.of("PipeTransportModule: no network to serve (expected: a NetworkModule beside it)"),
                new PipeTransportModule());
    }

    @Test
    void aNameThatNoProviderHasFailsTheInjector() {
        assertRefused(
                List.of(
                        "network: transport: \"pipes\" not found (found: []" + asked("TransportProvider"),
                        "network: close policy: \"patiens\" not found (found: []" + asked("ClosePolicyProvider")),
                network().transport("pipes").closePolicy("patiens").build());
    }

    @Test
    void aHandlerThatGuiceCannotMakeIsToldWithItsNetwork() {
        CreationException refused = assertThrows(
                CreationException.class,
                () -> Guice.createInjector(
                        NetworkModule.builder()
                                .name("validator")
                                .handle(ProtocolId.MEMPOOL_DIRECT_SEND, Unbound.class)
                                .build(),
                        new PipeTransportModule(),
                        new PatientPolicyModule()));

        String told = String.valueOf(refused.getMessage());
        assertTrue(told.contains("No implementation for NetworkAssemblyErrorsTest$Unbound was bound."), told);
        assertTrue(told.contains("network \"validator\" of NetworkModule"), told);
    }

    @Test
    void aNetworkWithoutAProtocolIsRefusedBeforeThereIsAnInjector() {
        IllegalStateException refused = assertThrows(
                IllegalStateException.class, () -> NetworkModule.builder().build());

        assertEquals("no protocol (expected: handle(...) or support(...) at least once)", refused.getMessage());
    }

    @Test
    void aSettingOutOfBoundsIsRefusedWhereItIsMade() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> network().with(built -> built.chainId(256)));

        assertEquals("chainId: 256 (expected: 1 to 255)", refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void aBlankNameIsRefused(String name) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> network().name(name));

        assertEquals("name: \"" + name + "\" (expected: not blank)", refused.getMessage());
    }

    private static void assertRefused(List<String> expected, Module... modules) {
        assertEquals(expected, messages(assertThrows(CreationException.class, () -> Guice.createInjector(modules))));
    }

    /** Without repetition: in PRODUCTION Guice tells what is wrong once for each network as well. */
    private static List<String> messages(CreationException refused) {
        return refused.getErrorMessages().stream()
                .map(Message::getMessage)
                .distinct()
                .toList();
    }

    private static NetworkModule.Builder network() {
        return NetworkModule.builder().support(ProtocolId.MEMPOOL_DIRECT_SEND);
    }

    private interface Unbound extends MessageHandler {}

    /** A path on which nobody offers a service. */
    private static final class WithoutServices extends ClassLoader {
        WithoutServices(ClassLoader usual) {
            super(usual);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return name.startsWith("META-INF/services/") ? Collections.emptyEnumeration() : super.getResources(name);
        }
    }
}
