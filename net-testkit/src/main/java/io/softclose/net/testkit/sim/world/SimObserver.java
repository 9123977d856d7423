/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.sim.world;

/** Watches a simulation from outside. */
public interface SimObserver {
    /** A link was made, dialling or accepted; nothing was written to it. */
    default void linkMade(LinkEnd link) {}

    /** One event has happened. */
    default void afterEvent() {}

    /** Nothing is left to do at the present time. */
    default void beforeTimePasses() {}
}
