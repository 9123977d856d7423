/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.node;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test of a {@link TransportUnderTest} its {@link Nodes}, and checks them afterwards. */
public final class NodesExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(NodesExtension.class);

    /** For JUnit. */
    public NodesExtension() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        TransportUnderTest test = (TransportUnderTest) context.getRequiredTestInstance();
        context.getStore(NAMESPACE).put(Nodes.class, new Nodes(test));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        nodes(context).closeAndCheck();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Nodes.class;
    }

    @Override
    public Nodes resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return nodes(context);
    }

    private static Nodes nodes(ExtensionContext context) {
        Nodes nodes = context.getStore(NAMESPACE).get(Nodes.class, Nodes.class);
        if (nodes == null) {
            throw new IllegalStateException("no nodes (expected: made before each test)");
        }
        return nodes;
    }
}
