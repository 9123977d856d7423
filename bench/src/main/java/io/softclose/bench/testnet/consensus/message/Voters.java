/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.testnet.consensus.message;

import io.softclose.net.spi.Require;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Some of at most 64 validators.
 *
 * @param bits one for each, the lowest for index 0
 */
public record Voters(long bits) {
    /** Nobody. */
    public static final Voters NONE = new Voters(0);

    /** These, and this one. */
    public Voters with(int index) {
        Require.within("index", index, 0, Long.SIZE - 1);
        return new Voters(bits | 1L << index);
    }

    /** Whether this one is among them. */
    public boolean contains(int index) {
        return (bits >>> index & 1) == 1;
    }

    /** How many they are. */
    public int count() {
        return Long.bitCount(bits);
    }

    /** Their indices, in order. */
    public List<Integer> indices() {
        return IntStream.range(0, Long.SIZE).filter(this::contains).boxed().toList();
    }

    /** Whether all of them are below this index. */
    public boolean within(int validators) {
        return validators == Long.SIZE || bits >>> validators == 0;
    }

    @Override
    public String toString() {
        return indices().toString();
    }
}
