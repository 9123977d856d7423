/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.spi;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the events of one link, all of them on its loop, one at a time: {@link #onConnected} first, {@link #onClosed}
 * last and exactly once, and nothing after it. A link that ends before it is up, such as a dial that fails, has {@link
 * #onClosed} only.
 *
 * <p>A handler that throws, an Error too, loses its link, and harms no other: the link is aborted as {@link Link#abort} has it,
 * and {@link #onClosed} follows with what was thrown. What {@link #onClosed} itself throws is logged. {@link LinkLife} does that
 * for whoever writes a transport.
 */
public interface LinkHandler {
    /** The link is up: bytes may flow. */
    void onConnected();

    /**
     * Bytes from the peer. The buffer belongs to the link and is valid during the call; what is not taken out of it by
     * then is gone.
     *
     * @param data at least one byte between position and limit
     */
    void onRead(ByteBuffer data);

    /** More can be written than before, or more of what was taken has been flushed. May come without need. */
    void onWritable();

    /**
     * The peer's direction has ended, after every byte that {@link #onRead} brought. Comes at most once.
     *
     * @param end {@link InputEnd#ENDED} from a transport, for a FIN. A layer that knows better says so
     */
    void onInputClosed(InputEnd end);

    /**
     * The link is gone. A task that is given to the loop from here still runs, also while the transport closes: the loop ends
     * after the last of its links has been told, and the tasks given by then.
     *
     * @param cause what failed, or null if the link was closed or aborted from this end
     */
    @SuppressWarnings("exports") // jspecify is needed to compile, not to run
    void onClosed(@Nullable Throwable cause);
}
