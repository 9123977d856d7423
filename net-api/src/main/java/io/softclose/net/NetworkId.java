/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static java.util.Objects.requireNonNull;

/**
 * Which of AptosNet's networks a node belongs to. The handshake refuses a peer of another one.
 *
 * @param kind the kind, in wire order
 * @param name the name of a private network; empty for every other kind
 */
public record NetworkId(Kind kind, String name) {
    /** The kinds of network, in the order of their BCS variant index. */
    public enum Kind {
        VALIDATOR,
        PUBLIC,
        PRIVATE,
        VFN,
        NEW_PUBLIC
    }

    /** Checks that exactly a private network has a name. */
    public NetworkId {
        requireNonNull(kind, "kind");
        requireNonNull(name, "name");
        if ((kind == Kind.PRIVATE) == name.isEmpty()) {
            throw new IllegalArgumentException("network name: \"" + name + "\" for " + kind
                    + " (expected: a name for PRIVATE, none for the others)");
        }
    }

    /** The validators' network. */
    public static NetworkId validator() {
        return new NetworkId(Kind.VALIDATOR, "");
    }

    /** The public network. */
    public static NetworkId publicNetwork() {
        return new NetworkId(Kind.PUBLIC, "");
    }

    /** A private network of this name. */
    public static NetworkId privateNetwork(String name) {
        return new NetworkId(Kind.PRIVATE, name);
    }

    /** The network between a validator and its full node. */
    public static NetworkId vfn() {
        return new NetworkId(Kind.VFN, "");
    }

    /**
     * The network of this text form, as {@link #toString()} writes it.
     *
     * @throws IllegalArgumentException if it is none of {@code validator}, {@code public}, {@code private:NAME}, {@code
     *     vfn}, {@code new_public}
     */
    public static NetworkId parse(String text) {
        return switch (text) {
            case "validator" -> validator();
            case "public" -> publicNetwork();
            case "vfn" -> vfn();
            case "new_public" -> new NetworkId(Kind.NEW_PUBLIC, "");
            default -> {
                if (text.startsWith("private:") && text.length() > "private:".length()) {
                    yield privateNetwork(text.substring("private:".length()));
                }
                throw new IllegalArgumentException(
                        "network id: \"" + text + "\" (expected: validator, public, private:NAME, vfn or new_public)");
            }
        };
    }

    /** The text form, for example {@code validator} or {@code private:lab}. */
    @Override
    public String toString() {
        return switch (kind) {
            case VALIDATOR -> "validator";
            case PUBLIC -> "public";
            case PRIVATE -> "private:" + name;
            case VFN -> "vfn";
            case NEW_PUBLIC -> "new_public";
        };
    }
}
