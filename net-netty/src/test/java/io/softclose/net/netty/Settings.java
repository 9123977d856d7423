/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import io.softclose.net.netty.socket.NettySettings;

/** What a builder has collected, for tests of the rooms below. */
@SuppressWarnings("exports") // nobody reads the tests of a module
public final class Settings {
    private Settings() {}

    public static NettySettings of(NettyTransport.Builder builder) {
        return builder.settings();
    }
}
