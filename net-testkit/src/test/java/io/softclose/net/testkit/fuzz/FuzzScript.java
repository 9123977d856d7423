/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import java.io.ByteArrayOutputStream;

/** Writes an input byte by byte, as {@link FuzzInput} reads it: for the seeds that are built in code. */
final class FuzzScript {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    FuzzScript u8(int... values) {
        for (int value : values) {
            bytes.write(value);
        }
        return this;
    }

    FuzzScript u16(int value) {
        return u8(value >> Byte.SIZE, value);
    }

    FuzzScript i32(int value) {
        return u16(value >> Short.SIZE).u16(value);
    }

    FuzzScript bytes(byte[]... parts) {
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return this;
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
