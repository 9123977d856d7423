/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.transport;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test of a {@link TransportContract} its {@link TransportFixture}, and checks it afterwards. */
public final class TransportFixtureExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(TransportFixtureExtension.class);

    /** For JUnit. */
    public TransportFixtureExtension() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        TestedTransport contract = (TestedTransport) context.getRequiredTestInstance();
        context.getStore(NAMESPACE).put(TransportFixture.class, new TransportFixture(contract));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        fixture(context).closeAndCheck();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TransportFixture.class;
    }

    @Override
    public TransportFixture resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return fixture(context);
    }

    private static TransportFixture fixture(ExtensionContext context) {
        TransportFixture fixture = context.getStore(NAMESPACE).get(TransportFixture.class, TransportFixture.class);
        if (fixture == null) {
            throw new IllegalStateException("no fixture (expected: one made before each test)");
        }
        return fixture;
    }
}
