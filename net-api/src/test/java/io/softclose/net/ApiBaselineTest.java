/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the comparison of the API with a published version leaves out: packages that no module exports, and no others. */
class ApiBaselineTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern EXCLUDED = Pattern.compile("<exclude>(io\\.softclose\\.[\\w.]+)</exclude>");
    private static final Pattern EXPORTED = Pattern.compile("^ +exports ([\\w.]+)", Pattern.MULTILINE);

    @Test
    void everyPackageIsExportedOrLeftOut() throws IOException {
        Set<String> packages = new TreeSet<>();
        Set<String> exported = new TreeSet<>();
        for (Path sources : sources()) {
            exported.addAll(found(EXPORTED, sources.resolve("module-info.java")));
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(file -> file.endsWith("package-info.java"))
                        .map(file -> sources.relativize(file.getParent()).toString())
                        .forEach(folder -> packages.add(folder.replace('/', '.')));
            }
        }
        assertFalse(exported.isEmpty());
        Set<String> leftOut = found(EXCLUDED, ROOT.resolve("pom.xml"));

        Set<String> hidden = new TreeSet<>(packages);
        hidden.removeAll(exported);
        hidden.removeIf(name -> leftOut.stream().anyMatch(prefix -> isIn(name, prefix)));
        exported.removeIf(name -> leftOut.stream().noneMatch(prefix -> isIn(name, prefix)));
        leftOut.removeAll(packages);

        assertEquals(Set.of(), hidden, "not exported, and not left out in pom.xml");
        assertEquals(Set.of(), exported, "exported, but left out in pom.xml");
        assertEquals(Set.of(), leftOut, "left out in pom.xml, but no package");
    }

    private static boolean isIn(String name, String prefix) {
        return name.equals(prefix) || name.startsWith(prefix + ".");
    }

    /** The sources of each module, which has a description of itself. */
    private static Set<Path> sources() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.map(folder -> folder.resolve("src/main/java"))
                    .filter(folder -> Files.exists(folder.resolve("module-info.java")))
                    .collect(Collectors.toSet());
        }
    }

    private static Set<String> found(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
