/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.softclose.net.spi.Transport;
import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whoever leaves out Netty's classes and libraries for epoll and io_uring has NIO. */
class WithoutNativesTest {
    /** One class of each jar that is needed. */
    private static final List<String> NEEDED = List.of(
            NettyTransport.class.getName(),
            Transport.class.getName(),
            Channel.class.getName(),
            ByteBuf.class.getName(),
            Future.class.getName(),
            "io.netty.resolver.AddressResolver");

    @Test
    void theTransportFallsBackToNioAndSaysWhy() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath(),
                        WithoutNatives.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertTrue(process.waitFor(60, TimeUnit.SECONDS), output);
        assertEquals(0, process.exitValue(), output);
        assertTrue(output.contains("goes through NIO (epoll is not available: "), output);
        assertTrue(output.contains("arrived: 42"), output);
        assertTrue(output.contains("refused: io: epoll is not available here: "), output);
    }

    private static String classPath() throws Exception {
        Set<String> paths = new LinkedHashSet<>();
        for (String needed : NEEDED) {
            URI source = Class.forName(needed)
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            paths.add(Path.of(source).toString());
        }
        paths.add(Path.of("target", "test-classes").toAbsolutePath().toString());
        return String.join(File.pathSeparator, paths);
    }
}
