/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.testkit.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Makes inputs out of others by chance, the same ones from the same seed. What an ordinary build tries. */
final class Mutations {
    private static final int MOST_CHANGES = 8;
    private static final int MOST_BYTES = 4096;
    /** Where numbers tend to break. */
    private static final int[] EDGES = {0, 1, 2, 3, 0x10, 0x7f, 0x80, 0x81, 0xfe, 0xff};

    private final SplittableRandom random;
    private final List<byte[]> seeds;

    Mutations(long seed, List<byte[]> seeds) {
        this.random = new SplittableRandom(seed);
        this.seeds = seeds;
    }

    /** One of the seeds with one to eight changes. */
    byte[] next() {
        byte[] bytes = anySeed();
        for (int left = random.nextInt(1, MOST_CHANGES + 1); left > 0; left--) {
            bytes = bytes.length == 0 ? anySeed() : changed(bytes);
        }
        return bytes.length > MOST_BYTES ? Arrays.copyOf(bytes, MOST_BYTES) : bytes;
    }

    private byte[] anySeed() {
        return seeds.get(random.nextInt(seeds.size())).clone();
    }

    private byte[] changed(byte[] bytes) {
        int at = random.nextInt(bytes.length);
        int count = random.nextInt(1, Math.min(16, bytes.length - at) + 1);
        switch (random.nextInt(8)) {
            case 0 -> bytes[at] = (byte) random.nextInt();
            case 1 -> bytes[at] = (byte) EDGES[random.nextInt(EDGES.length)];
            case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            case 3 -> bytes[at] += (byte) (random.nextInt(9) - 4);
            case 4 -> bytes = joined(bytes, at, new byte[0], at + count);
            case 5 -> bytes = joined(bytes, at, randomBytes(count), at);
            case 6 -> bytes = joined(bytes, at, Arrays.copyOfRange(bytes, at, at + count), at);
            default -> bytes = spliced(bytes, at);
        }
        return bytes;
    }

    /** Up to an index, then another seed from some index on. */
    private byte[] spliced(byte[] bytes, int at) {
        byte[] other = anySeed();
        int from = random.nextInt(other.length + 1);
        return joined(bytes, at, Arrays.copyOfRange(other, from, other.length), bytes.length);
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Up to an index, then these bytes, then the rest from another index on. */
    private static byte[] joined(byte[] bytes, int upTo, byte[] middle, int from) {
        byte[] result = Arrays.copyOf(bytes, upTo + middle.length + bytes.length - from);
        System.arraycopy(middle, 0, result, upTo, middle.length);
        System.arraycopy(bytes, from, result, upTo + middle.length, bytes.length - from);
        return result;
    }
}
