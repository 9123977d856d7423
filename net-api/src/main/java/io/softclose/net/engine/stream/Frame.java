/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.engine.stream;

import static java.util.Objects.requireNonNull;

import io.softclose.net.engine.outbox.LaneQueue.Form;
import io.softclose.net.engine.outbox.OutcomeBook;
import org.jspecify.annotations.Nullable;

/** One frame: whose it is, and where it stands in all that the link was ever given. */
final class Frame {
    int lane;

    @Nullable
    Object element;

    @Nullable
    OutboundStream stream;

    int place;
    long start;
    long end;

    int lane() {
        return lane;
    }

    /** The lane's element that ends with this frame; null if none does. */
    @Nullable
    Object element() {
        return element;
    }

    /** The lane's element of which it carries all or a part. Not for frames of no lane. */
    Object owner() {
        return stream == null ? requireNonNull(element, "element") : stream.element();
    }

    /** The stream it is part of; null for a whole message. */
    @Nullable
    OutboundStream stream() {
        return stream;
    }

    /** In which of its lane's queues its message waited. */
    Form form() {
        return stream == null ? Form.WHOLE : Form.STREAMED;
    }

    /** Its place as of {@link OutcomeBook#place}. */
    int place() {
        return place;
    }

    /** Whether its message begins with it. */
    boolean first() {
        return messageStart() == start;
    }

    /** Position of the first byte of its message, which for a stream's last fragment is in an earlier frame. */
    long messageStart() {
        return stream == null ? start : stream.start();
    }

    /** Position after its last byte. */
    long end() {
        return end;
    }
}
