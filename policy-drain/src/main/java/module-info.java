/* SPDX-License-Identifier: Apache-2.0 */
/** The close policies that drop, drain for a time, or close gracefully. */
@org.jspecify.annotations.NullMarked
module io.softclose.policy.drain {
    requires transitive io.softclose.net;
    requires static org.jspecify;
}
