/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles every block of Java on the pages, without a warning. What a block leaves out is stated in notes before it:
 *
 * <ul>
 *   <li>{@code <!-- java in: class Some { Queue<Message> queue; void method() { … } } -->}: the block stands for the dots;
 *   <li>{@code <!-- java with: class Mempool … -->}: this is compiled as well;
 *   <li>{@code <!-- quoted: FILE -->}: the block stands in a file, and the file is compiled where it is.
 * </ul>
 *
 * Without notes a block holds types, or a module, or else statements, which are put into a method. Names come from
 * {@link #IMPORTS}. The types of all pages are one package, so a page may use what another one shows.
 */
class JavaBlocksTest {
    private static final String IMPORTS = Stream.of(
                    "io.softclose.net.*",
                    "io.softclose.net.connectivity.*",
                    "io.softclose.net.guice.*",
                    "io.softclose.net.health.*",
                    "io.softclose.net.jfr.*",
                    "io.softclose.net.metrics.*",
                    "io.softclose.net.netty.*",
                    "io.softclose.net.nio.*",
                    "io.softclose.net.spi.*",
                    "io.softclose.net.testkit.*",
                    "io.softclose.net.testkit.fake.*",
                    "io.softclose.net.testkit.policy.*",
                    "io.softclose.net.testkit.sim.*",
                    "io.softclose.net.testkit.transport.*",
                    "io.softclose.net.testkit.wire.*",
                    "io.softclose.net.tls.*",
                    "io.softclose.policy.drain.*",
                    "io.softclose.policy.priority.*",
                    "io.micrometer.core.instrument.MeterRegistry",
                    "io.micrometer.core.instrument.Tags",
                    "com.google.inject.Guice",
                    "com.google.inject.Injector",
                    "com.google.inject.Key",
                    "com.google.inject.name.Named",
                    "com.google.inject.name.Names",
                    "java.net.*",
                    "java.nio.*",
                    "java.nio.charset.StandardCharsets",
                    "java.nio.file.Path",
                    "java.time.Duration",
                    "java.util.*",
                    "java.util.concurrent.*",
                    "org.jspecify.annotations.*",
                    "org.junit.jupiter.api.Test",
                    "static org.junit.jupiter.api.Assertions.*")
            .map(name -> "import " + name + "; ")
            .collect(Collectors.joining());

    private static final Pattern TYPE = Pattern.compile(
            "^((public|final|abstract|sealed|static) )*(class|record|interface|enum) \\w+", Pattern.MULTILINE);
    private static final Pattern MODULE = Pattern.compile("^(open )?module [\\w.]+ \\{", Pattern.MULTILINE);

    private static final Set<String> AUTOMATIC = Set.of("com.google.guice", "aopalliance");

    @TempDir
    Path classes;

    @Test
    void everyBlockCompiles() throws Exception {
        List<JavaFileObject> sources = new ArrayList<>();
        for (Block block : blocks()) {
            if (!MODULE.matcher(block.text()).find()) {
                sources.add(new Source(block.place(), "package pages; " + IMPORTS + inContext(block)));
                for (String beside : block.notes("java with")) {
                    sources.add(new Source(block.place() + "-with", "package pages; " + IMPORTS + beside));
                }
            }
        }

        assertEquals("", problems(StandardLocation.CLASS_PATH, sources));
    }

    /** A module is compiled with what its note adds: the packages that it exports, and what it provides. */
    @Test
    void everyModuleCompilesOnAModulePath() throws Exception {
        for (Block block : blocks()) {
            if (MODULE.matcher(block.text()).find()) {
                List<JavaFileObject> sources = new ArrayList<>();
                sources.add(new Source("module-info", block.text()));
                for (String beside : block.notes("java with")) {
                    sources.add(new Source(block.place() + "-with", beside));
                }

                assertEquals("", problems(StandardLocation.MODULE_PATH, sources), block.place());
            }
        }
    }

    @Test
    void whatDoesNotCompileIsTold() throws Exception {
        Block wrong = new Block("p.md", 7, "java", "Network.of(\"nio\");\n", List.of());

        String told = problems(StandardLocation.CLASS_PATH, List.of(new Source("p.md:7", IMPORTS + inContext(wrong))));

        assertTrue(told.contains("p.md:7"), told);
        assertTrue(told.contains("cannot find symbol"), told);
    }

    private static List<Block> blocks() {
        return Pages.blocks().stream()
                .filter(block -> block.language().equals("java"))
                .filter(block -> block.notes("quoted").isEmpty())
                .toList();
    }

    private static String inContext(Block block) {
        List<String> contexts = block.notes("java in");
        if (!contexts.isEmpty()) {
            return contexts.get(0).replace("…", block.text());
        }
        if (TYPE.matcher(block.text()).find()) {
            return block.text();
        }
        String name = block.place().replaceAll("\\W", "_");
        return "class " + name + " { static void statements() throws Exception { " + block.text() + "} }";
    }

    private String problems(StandardLocation path, List<JavaFileObject> sources) throws Exception {
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8)) {
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
            files.setLocationFromPaths(path, path == StandardLocation.CLASS_PATH ? classPath() : modulePath());
            List<String> options = List.of("-proc:none", "-Xlint:deprecation,removal,rawtypes,unchecked");
            compiler.getTask(null, files, found, options, null, sources).call();
        }
        return found.getDiagnostics().stream()
                .filter(problem -> problem.getKind() != Diagnostic.Kind.NOTE)
                .map(JavaBlocksTest::told)
                .collect(Collectors.joining("\n"));
    }

    /** The first line of a block stands on the line that its name has. */
    private static String told(Diagnostic<? extends JavaFileObject> problem) {
        JavaFileObject source = problem.getSource();
        String place = source == null ? "" : source.getName() + " + " + (problem.getLineNumber() - 1) + ": ";
        return place + problem.getMessage(Locale.ROOT);
    }

    private static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(Files::exists)
                .toList();
    }

    /** What of the class path is a module, and Guice; not what else would be one by its file's name. */
    private static List<Path> modulePath() {
        return classPath().stream()
                .filter(entry ->
                        modules(entry).anyMatch(module -> !module.isAutomatic() || AUTOMATIC.contains(module.name())))
                .toList();
    }

    private static Stream<ModuleDescriptor> modules(Path entry) {
        try {
            return ModuleFinder.of(entry).findAll().stream().map(ModuleReference::descriptor);
        } catch (FindException noNameForAModule) {
            return Stream.empty();
        }
    }

    /** Source text by the name of its place on a page, which is no name of a type. */
    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String place, String text) {
            super(URI.create("page:///" + place + (place.endsWith("module-info") ? ".java" : "")), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return !simpleName.equals("package-info");
        }
    }
}
