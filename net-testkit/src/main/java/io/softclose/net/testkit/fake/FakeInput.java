/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fake;

import io.softclose.net.spi.Link.Reading;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What the peer of a fake link has sent and the link has not delivered yet. Confined to the link's loop. */
final class FakeInput {
    private final ManualEventLoop loop;
    private final BooleanSupplier linkOpen;
    /** Told each time when all bytes have been handed on. */
    private final Runnable allHandedOn;

    private final Deque<Runnable> events = new ArrayDeque<>();
    private Reading reading = Reading.RESUMED;
    private int unreadBytes;
    private boolean endUnread;
    private boolean deliveryPosted;

    FakeInput(ManualEventLoop loop, BooleanSupplier linkOpen, Runnable allHandedOn) {
        this.loop = loop;
        this.linkOpen = linkOpen;
        this.allHandedOn = allHandedOn;
    }

    void addBytes(byte[] bytes, Consumer<ByteBuffer> onRead) {
        ByteBuffer data = ByteBuffer.wrap(bytes.clone());
        unreadBytes += bytes.length;
        add(() -> {
            unreadBytes -= bytes.length;
            try {
                onRead.accept(data);
            } finally {
                // Valid during the call only: whoever kept it finds other bytes.
                LentBuffers.changeEveryByte(data.clear());
                if (allHandedOn()) {
                    allHandedOn.run();
                }
            }
        });
    }

    void addEnd(Runnable onInputClosed) {
        endUnread = true;
        add(() -> {
            endUnread = false;
            try {
                onInputClosed.run();
            } finally {
                if (allHandedOn()) {
                    allHandedOn.run();
                }
            }
        });
    }

    void add(Runnable event) {
        events.add(event);
        postDelivery();
    }

    void reading(Reading wanted) {
        reading = wanted;
        postDelivery();
    }

    Reading reading() {
        return reading;
    }

    /** Whether everything that has arrived was handed on to somebody who reads, the peer's end included. */
    boolean allHandedOn() {
        return reading == Reading.RESUMED && !hasUnreadBytes() && !endUnread;
    }

    boolean hasUnreadBytes() {
        return unreadBytes > 0;
    }

    /** One event a task, so that everything else has its turn in between. */
    void postDelivery() {
        if (mayDeliver() && !deliveryPosted) {
            deliveryPosted = true;
            loop.post(() -> {
                deliveryPosted = false;
                if (mayDeliver()) {
                    Runnable first = events.remove();
                    postDelivery();
                    first.run();
                }
            });
        }
    }

    private boolean mayDeliver() {
        return linkOpen.getAsBoolean() && reading == Reading.RESUMED && !events.isEmpty();
    }
}
