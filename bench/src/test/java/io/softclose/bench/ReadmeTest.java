/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.net.CloseReport;
import io.softclose.net.Connection;
import io.softclose.net.Message;
import io.softclose.net.Network;
import io.softclose.net.ProtocolId;
import io.softclose.net.SendResult;
import io.softclose.net.spi.ClosePolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Compiles and runs the code that the README shows, as it stands there. */
@Timeout(60)
class ReadmeTest {
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final String IMPORTS = """
            import io.softclose.net.*;
            import io.softclose.net.spi.*;
            import java.net.*;
            import java.nio.charset.StandardCharsets;
            import java.time.Duration;
            """;

    @TempDir
    Path classes;

    @Test
    void theExampleDeliversAndClosesCleanly() throws Exception {
        String example = IMPORTS + "public class Example { public static void main(String[] args) throws Exception {\n"
                + snippet(0) + "} }";

        String printed = printedBy(() ->
                compile("Example", example).getMethod("main", String[].class).invoke(null, (Object) new String[0]));

        assertTrue(printed.contains("bob has Message[chat, priority 0, 5 bytes]"), printed);
        assertTrue(printed.contains("ACCEPTED, then CLEAN: "), printed);
    }

    @Test
    void thePolicyCompilesAndClosesAConnection() throws Exception {
        Class<?> policyClass = compile("PatientPolicy", IMPORTS + snippet(1));
        ClosePolicy policy = (ClosePolicy) policyClass.getDeclaredConstructor().newInstance();
        Network receiver = network(policy);
        Network sender = network(policy);

        SocketAddress address = receiver.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .localAddress();
        Connection connection =
                sender.dial(address).opened().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertEquals(
                SendResult.ACCEPTED, connection.send(Message.of(ProtocolId.MEMPOOL_DIRECT_SEND, 0, new byte[100])));
        CloseReport report = connection.close().toCompletableFuture().get(30, TimeUnit.SECONDS);

        assertEquals("patient", report.policy());
        assertTrue(report.clean(), report.toString());
        sender.shutdown().toCompletableFuture().get(30, TimeUnit.SECONDS);
        receiver.shutdown().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void theExampleAndThePolicyAreAsShortAsTheReadmeSays() throws IOException {
        assertTrue(snippet(0).lines().filter(line -> !line.isBlank()).count() <= 12, snippet(0));
        assertTrue(snippet(1).lines().count() <= 20, snippet(1));
    }

    private static Network network(ClosePolicy policy) {
        return Network.builder()
                .plaintext()
                .transport("nio")
                .closePolicy(policy)
                .handle(ProtocolId.MEMPOOL_DIRECT_SEND, (connection, message) -> {})
                .build();
    }

    private static String snippet(int index) throws IOException {
        Matcher matcher = JAVA.matcher(Files.readString(Path.of("..", "README.md")));
        for (int i = 0; i <= index; i++) {
            assertTrue(matcher.find(), "the README has fewer than " + (index + 1) + " pieces of Java");
        }
        return matcher.group(1);
    }

    private Class<?> compile(String name, String source) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options =
                new ArrayList<>(List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path")));
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        boolean compiled = compiler.getTask(null, null, problems, options, null, List.of(file))
                .call();
        assertTrue(compiled, () -> problems.getDiagnostics().toString());
        URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()});
        return loader.loadClass(name);
    }

    private static String printedBy(Action action) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private interface Action {
        void run() throws Exception;
    }
}
