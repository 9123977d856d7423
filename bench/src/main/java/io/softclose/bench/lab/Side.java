/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.lab;

/** A node's place: its namespace, its address, and its end of the wire. */
public enum Side {
    ALICE("alice", "198.18.0.1", "left"),
    BOB("bob", "198.18.0.2", "right");

    private final String label;
    private final String address;
    private final String wireEnd;

    Side(String label, String address, String wireEnd) {
        this.label = label;
        this.address = address;
        this.wireEnd = wireEnd;
    }

    /** What its namespace's name ends with. */
    public String label() {
        return label;
    }

    /** Its address, of those that are reserved for tests of networks (RFC 2544). */
    public String address() {
        return address;
    }

    /** The interface in the middle that its own is joined to. */
    String wireEnd() {
        return wireEnd;
    }
}
