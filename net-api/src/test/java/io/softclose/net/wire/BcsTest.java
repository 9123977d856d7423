/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.wire;

import static io.softclose.net.wire.Bytes.assertSameBytes;
import static io.softclose.net.wire.Bytes.hex;
import static io.softclose.net.wire.Bytes.written;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.ProtocolId;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BcsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 00",
        "1, 01",
        "127, 7f",
        "128, 8001",
        "16383, ff7f",
        "16384, 808001",
        "2097151, ffff7f",
        "2097152, 80808001",
        "268435455, ffffff7f",
        "268435456, 8080808001",
        "4294967295, ffffffff0f"
    })
    void uleb128HasOneFormForEachNumber(long value, String digits) {
        assertSameBytes(hex(digits), written(out -> out.uleb128(value)));
        assertReads(value, digits, in -> in.uleb128("n"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455, 268_435_456, 0x7fff_ffff})
    void uleb128SizeIsTheNumberOfBytesWritten(int value) {
        assertEquals(written(out -> out.uleb128(value)).remaining(), BcsWriter.uleb128Size(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8000", "818000", "ff00", "ffffff8000", "80808000", "8080808000"})
    void paddedUleb128IsRejected(String digits) {
        assertRejected(digits, in -> in.uleb128("n"), "padded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8080808010", "ffffffff10", "ffffffff7f"})
    void uleb128BeyondU32IsRejected(String digits) {
        assertRejected(digits, in -> in.uleb128("n"), "expected: a u32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"808080808000", "ffffffffff01", "8080808080"})
    void uleb128OfMoreThanFiveBytesIsRejected(String digits) {
        assertRejected(digits, in -> in.uleb128("n"), "more than 5 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80", "ffff", "ffffffff"})
    void truncatedUleb128IsRejected(String digits) {
        assertRejected(digits, in -> in.uleb128("n"), "n: 0 bytes left (expected: 1)");
    }

    @Test
    void integersAreLittleEndianWhateverTheBuffersOrder() {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            ByteBuffer out = ByteBuffer.allocate(4).order(order);
            new BcsWriter(out).u32(0xfedcba98L);
            assertSameBytes(hex("98badcfe"), out.flip());
            assertEquals(0xfedcba98L, new BcsReader(out, KnownProtocols.APTOS_NET).u32("n"));
            assertEquals(order, out.order());
        }
    }

    @Test
    void truncatedIntegersAreRejected() {
        assertRejected("", in -> in.u8("n"), "n: 0 bytes left (expected: 1)");
        assertRejected("010203", in -> in.u32("n"), "n: 3 bytes left (expected: 4)");
    }

    @Test
    void bytesAreCopiedIntoAnArrayOfTheirOwn() {
        ByteBuffer source = hex("03 010203");
        ByteBuffer bytes = new BcsReader(source, KnownProtocols.APTOS_NET).bytes("data");
        source.put(1, (byte) 9);

        assertSameBytes(hex("010203"), bytes);
        assertEquals(0, bytes.arrayOffset());
        assertEquals(3, bytes.array().length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"04 010203", "01", "8001 00", "ffffffff07 00", "ffffffff0f 00"})
    void aLengthBeyondWhatIsThereIsRejectedBeforeAnythingIsAllocated(String digits) {
        assertRejected(digits, in -> in.bytes("data"), "expected: at most the ");
    }

    @Test
    void writingBytesLeavesTheSourceWhereItIs() {
        ByteBuffer source = hex("00010203").position(1);

        assertSameBytes(hex("03 010203"), written(out -> out.bytes(source)));
        assertEquals(1, source.position());
    }

    @Test
    void stringsAreUtf8() {
        assertSameBytes(hex("05 68c3a46c6c"), written(out -> out.string("häll")));
        assertReads("häll", "05 68c3a46c6c", in -> in.string("name"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"01 ff", "01 c3", "02 c080", "03 eda080"})
    void bytesThatAreNoUtf8AreNoString(String digits) {
        assertRejected(digits, in -> in.string("name"), "no UTF-8");
    }

    @ParameterizedTest
    @MethodSource("io.softclose.net.ProtocolId#aptosNet")
    void everyProtocolIsItsOneByte(ProtocolId protocol) {
        ByteBuffer written = written(out -> out.protocolId(protocol));

        assertSameBytes(ByteBuffer.wrap(new byte[] {(byte) protocol.id()}), written);
        assertEquals(protocol, new BcsReader(written, KnownProtocols.APTOS_NET).protocolId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1d", "fe"})
    void protocolsThatAptosNetDoesNotListAreRejected(String digits) {
        assertRejected(digits, BcsReader::protocolId, "expected: a known protocol");
    }

    @Test
    void variantsTheEnumDoesNotHaveAreRejected() {
        assertReads(2, "02", in -> in.variant("Kind", 3));
        assertRejected("03", in -> in.variant("Kind", 3), "Kind: variant 3 (expected: 0 to 2)");
        assertRejected("ffffffff0f", in -> in.variant("Kind", 3), "Kind: variant 4294967295");
    }

    @Test
    void trailingBytesAreRejected() {
        BcsReader in = new BcsReader(hex("0102"), KnownProtocols.APTOS_NET);
        in.u8("n");

        WireException e = assertThrows(WireException.class, in::finish);
        assertEquals("1 bytes after the value (expected: none)", e.getMessage());
        in.u8("n");
        in.finish();
    }

    @Test
    void numbersTheWireHasNoRoomForAreNotWritten() {
        assertNotWritten(out -> out.u8(-1));
        assertNotWritten(out -> out.u8(256));
        assertNotWritten(out -> out.u32(-1));
        assertNotWritten(out -> out.u32(1L << 32));
        assertNotWritten(out -> out.uleb128(-1));
        assertNotWritten(out -> out.uleb128(1L << 32));
    }

    @Test
    void aBufferThatIsTooSmallIsAnOverflow() {
        BcsWriter out = new BcsWriter(ByteBuffer.allocate(3));

        assertThrows(BufferOverflowException.class, () -> out.u32(1));
    }

    @Test
    void rejectionsAreCheap() {
        assertEquals(0, new WireException("reason").getStackTrace().length);
    }

    private static void assertReads(Object expected, String digits, Function<BcsReader, Object> value) {
        BcsReader in = new BcsReader(hex(digits), KnownProtocols.APTOS_NET);
        assertEquals(expected, value.apply(in));
        in.finish();
    }

    private static void assertRejected(String digits, Consumer<BcsReader> value, String reason) {
        BcsReader in = new BcsReader(hex(digits), KnownProtocols.APTOS_NET);
        WireException e = assertThrows(WireException.class, () -> value.accept(in));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(reason), message);
    }

    private static void assertNotWritten(Consumer<BcsWriter> value) {
        ByteBuffer out = ByteBuffer.allocate(16);
        assertThrows(IllegalArgumentException.class, () -> value.accept(new BcsWriter(out)));
        assertEquals(0, out.position());
    }
}
