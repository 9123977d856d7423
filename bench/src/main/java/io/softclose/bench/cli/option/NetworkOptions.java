/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.cli.option;

import io.softclose.net.Network;
import io.softclose.net.NetworkBuilder;
import io.softclose.net.NetworkId;
import io.softclose.net.PeerId;
import io.softclose.net.Providers;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import picocli.CommandLine.TypeConversionException;

/** The options that say what network a node belongs to and what it is made of. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class NetworkOptions {
    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            defaultValue = "nio",
            description = "The transport, by its provider's name; ${DEFAULT-VALUE} by default.")
    private String transport;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            defaultValue = "graceful",
            description = "The close policy, by its provider's name; ${DEFAULT-VALUE} by default.")
    private String policy;

    @Option(
            names = "--chain-id",
            paramLabel = "ID",
            defaultValue = "4",
            description = "The chain that the peer must be on, 1 to 255; ${DEFAULT-VALUE} by default.")
    private int chainId;

    @Option(
            names = "--network-id",
            paramLabel = "ID",
            defaultValue = "validator",
            converter = NetworkIdConverter.class,
            description = "The network that the peer must be on: validator, public, private:NAME, vfn or new_public;"
                    + " ${DEFAULT-VALUE} by default.")
    private NetworkId networkId;

    @Mixin
    private TlsOptions tls;

    /** The name of the transport. */
    public String transport() {
        return transport;
    }

    /** Whether peers prove who they are. */
    public boolean peersProve() {
        return tls.secures();
    }

    /** The name of the close policy. */
    public String policy() {
        return policy;
    }

    /**
     * A network's settings from these options. The network owns its transport.
     *
     * @param expected who will be dialled, if a peer is named
     * @throws ParameterException if an option's value is wrong
     */
    public NetworkBuilder network(Optional<PeerId> expected) {
        Choices.require(spec.commandLine(), "transport", transport, Providers.transportNames());
        Choices.require(spec.commandLine(), "policy", policy, Providers.closePolicyNames());
        try {
            NetworkBuilder network =
                    Network.builder().chainId(chainId).networkId(networkId).closePolicy(policy);
            tls.secure(network, transport, expected, spec.commandLine());
            return network;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Reads a network's id. */
    public static final class NetworkIdConverter implements ITypeConverter<NetworkId> {
        @Override
        public NetworkId convert(String text) {
            try {
                return NetworkId.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
