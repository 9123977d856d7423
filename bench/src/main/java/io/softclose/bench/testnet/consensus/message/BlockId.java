/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A block's name, the SHA-256 digest of its content, in four words. */
public record BlockId(long first, long second, long third, long fourth) {
    /** Length in bytes. */
    public static final int LENGTH = 4 * Long.BYTES;

    /** The digest of the bytes between position and limit. */
    public static BlockId ofContent(ByteBuffer content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(content);
            ByteBuffer words = ByteBuffer.wrap(digest.digest());
            return new BlockId(words.getLong(), words.getLong(), words.getLong(), words.getLong());
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }

    /** The first four bytes in hexadecimal, which tell the blocks of a run apart. */
    @Override
    public String toString() {
        return String.format("%08x", first >>> Integer.SIZE);
    }
}
