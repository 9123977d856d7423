/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a look for plug-ins finds, of several loaders and beside broken providers. */
class ProvidersTest {
    /** A service of a test's own. */
    public interface Trade {
        /** What it is called. */
        String name();
    }

    /** One that is found. */
    public static final class Baker implements Trade {
        @Override
        public String name() {
            return "baker";
        }
    }

    /** One that cannot be made. */
    public static final class Broken implements Trade {
        /** Fails. */
        public Broken() {
            throw new IllegalStateException("deliberate");
        }

        @Override
        public String name() {
            return "broken";
        }
    }

    /** One that cannot even say what it is called. */
    public static final class Nameless implements Trade {
        @Override
        public String name() {
            throw new IllegalStateException("deliberate");
        }
    }

    static {
        ProvidersTest.class.getModule().addUses(Trade.class);
    }

    @TempDir
    Path folder;

    private final ProviderSearch<Trade> search = new ProviderSearch<>(Trade.class, Trade::name);

    @Test
    void whatOneLoaderDoesNotKnowAnotherDoes() throws IOException {
        search.ask("one", null, ServiceLoader.load(Trade.class, null));
        assertEquals(List.of(), search.names());

        ask("other", offering(Baker.class.getName()));

        assertEquals(List.of("baker"), search.names());
        assertEquals(1, search.named("baker").size());
    }

    @Test
    void aClassThatTwoLoadersFindIsOneProvider() throws IOException {
        ClassLoader loader = offering(Baker.class.getName());
        ask("one", loader);
        ask("other", loader);

        assertEquals(1, search.named("baker").size());
    }

    @Test
    void brokenProvidersHideNoOther() throws IOException {
        ask("one", offering(Broken.class.getName(), Nameless.class.getName(), "no.such.Class", Baker.class.getName()));

        assertEquals(List.of("baker"), search.names());
    }

    @Test
    void whatWasNotFoundIsToldWithWhatIsBrokenAndWhoWasAsked() throws IOException {
        ask("the only one", offering(Broken.class.getName(), Baker.class.getName()));

        String told = String.valueOf(search.notFound("trade", "smith").getMessage());

        assertTrue(told.startsWith("trade: \"smith\" not found (found: [baker]; cannot be loaded: ["), told);
        assertTrue(told.contains(Broken.class.getName()), told);
        assertTrue(
                told.contains("asked: [the only one (ClassPath)] for META-INF/services/" + Trade.class.getName()),
                told);
        assertTrue(told.contains("merged"), told);
    }

    private void ask(String role, ClassLoader loader) {
        search.ask(role, loader, ServiceLoader.load(Trade.class, loader));
    }

    /** A loader whose service file names these classes. */
    private ClassLoader offering(String... classes) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(Trade.class.getName()), String.join("\n", classes));
        return new ClassPath(folder.toUri().toURL());
    }

    /** Has the providers as a class path has them: in no named module. */
    private static final class ClassPath extends URLClassLoader {
        ClassPath(URL services) {
            super(new URL[] {services}, ProvidersTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(ProvidersTest.class.getName() + "$") || name.equals(Trade.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            String file = name.substring(name.lastIndexOf('.') + 1) + ".class";
            try (InputStream bytes = requireNonNull(ProvidersTest.class.getResourceAsStream(file), file)) {
                byte[] all = bytes.readAllBytes();
                return defineClass(name, all, 0, all.length);
            } catch (IOException failed) {
                throw new ClassNotFoundException(name, failed);
            }
        }
    }
}
