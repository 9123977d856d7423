/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit;

import io.softclose.net.spi.Transport;
import java.net.Socket;

/** Leaves everything as it is. */
enum NoLayer implements Layer {
    INSTANCE;

    @Override
    public Transport over(Transport below) {
        return below;
    }

    @Override
    public Socket dialled(Socket socket) {
        return socket;
    }

    @Override
    public Socket accepted(Socket socket) {
        return socket;
    }

    @Override
    public int mostUnflushedBytes() {
        return 0;
    }
}
