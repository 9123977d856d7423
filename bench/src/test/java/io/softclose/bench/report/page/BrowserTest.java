/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.softclose.bench.report.Fixtures;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser: Debian's Chromium, without a window. Skipped where there is none. */
@Timeout(60)
class BrowserTest {
    private static final int PHONE = 360;
    private static final int DESK = 1280;
    private static final Pattern REQUEST = Pattern.compile("\"url\":\"(https?://[^\"]*)\"");
    /** What Chromium asks for by itself, whatever page is open: time, updates, dictionaries. */
    private static final Pattern OWN = Pattern.compile("https?://[\\w.-]+\\.(google|googleapis|gvt1)\\.com/.*");

    private static final Pattern WIDTH = Pattern.compile("data-width=\"(\\d+)\"");

    @TempDir
    private Path directory;

    private Path page;

    @BeforeEach
    void writeThePage() throws Exception {
        assumeTrue(browser().isPresent(), "no chromium on the path: not looked at in a browser");
        page = directory.resolve("report.html");
        Files.writeString(page, Fixtures.page());
    }

    @Test
    void itShowsWhatTheFilesSayWithoutComplaintsAndWithoutTheNetwork() throws Exception {
        Path network = directory.resolve("network.json");

        Run run = run(page, "--dump-dom", "--log-net-log=" + network, "--net-log-capture-mode=IncludeSensitive");

        assertTrue(run.out().contains("Test network"), run.err());
        assertTrue(run.out().contains("Rounds per minute"), run.err());
        assertEquals(
                List.of(),
                run.err().lines().filter(line -> line.contains(":CONSOLE")).toList());
        assertEquals(
                List.of(),
                REQUEST.matcher(Files.readString(network))
                        .results()
                        .map(request -> request.group(1))
                        .filter(url -> !OWN.matcher(url).matches())
                        .distinct()
                        .toList());
    }

    /** What must not be is seen if it is: a page that asks for something and complains. */
    @Test
    void aPageThatLoadsOrComplainsWouldBeFoundOut() throws Exception {
        Path network = directory.resolve("network.json");
        Path bad = directory.resolve("bad.html");
        Files.writeString(bad, "<img src='http://softclose.invalid/x.png'><script>console.error('amiss')</script>");

        Run run = run(bad, "--dump-dom", "--log-net-log=" + network, "--net-log-capture-mode=IncludeSensitive");

        assertTrue(run.err().contains("amiss"), run.err());
        assertTrue(Files.readString(network).contains("http://softclose.invalid/x.png"));
    }

    @Test
    void nothingIsWiderThanAPhone() throws Exception {
        assertEquals(PHONE, widthOn(Files.readString(page)));
    }

    @Test
    void somethingWiderThanAPhoneWouldBeFoundOut() throws Exception {
        String wide = Files.readString(page)
                .replace("<main id=\"main\">", "<main id=\"main\"><pre>" + "wide ".repeat(90) + "</pre>");

        assertTrue(widthOn(wide) > PHONE, "as wide as a phone");
    }

    @Test
    void lightAndDarkAreAsTheReaderLikes() throws Exception {
        int light = paper("light", DESK, false);
        int dark = paper("dark", DESK, true);

        assertEquals(0xffffff, light & 0xffffff);
        assertEquals(0x14181d, dark & 0xffffff);
        assertEquals(0x14181d, paper("phone", PHONE, true) & 0xffffff);
    }

    /** Within a frame of a phone's width, because a window of Chromium's is never narrower than 500. */
    private int widthOn(String content) throws Exception {
        Path inner = directory.resolve("inner.html");
        Files.writeString(inner, content);
        Path frame = directory.resolve("frame.html");
        Files.writeString(frame, """
                <!DOCTYPE html><iframe src="inner.html" style="width:%dpx;height:800px;border:0"></iframe><script>
                onload = () => document.body.dataset.width = frames[0].document.documentElement.scrollWidth;
                </script>""".formatted(PHONE));
        Run run = run(frame, "--dump-dom", "--allow-file-access-from-files");
        Matcher width = WIDTH.matcher(run.out());
        assertTrue(width.find(), run.out() + run.err());
        return Integer.parseInt(width.group(1));
    }

    private int paper(String name, int width, boolean dark) throws Exception {
        Path shot = directory.resolve(name + ".png");
        List<String> options = new ArrayList<>(List.of("--screenshot=" + shot, "--window-size=" + width + ",2000"));
        if (dark) {
            options.add("--blink-settings=preferredColorScheme=0");
        }
        run(page, options.toArray(String[]::new));
        BufferedImage image = ImageIO.read(shot.toFile());
        assertFalse(image == null, "no picture");
        String kept = System.getProperty("softclose.report.screenshots", "");
        if (!kept.isEmpty()) {
            Files.createDirectories(Path.of(kept));
            Files.copy(shot, Path.of(kept, name + ".png"), StandardCopyOption.REPLACE_EXISTING);
        }
        return image.getRGB(3, 3);
    }

    private record Run(String out, String err) {}

    private Run run(Path file, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                browser().orElseThrow(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--hide-scrollbars",
                "--enable-logging=stderr",
                "--v=0",
                "--user-data-dir=" + directory.resolve("profile")));
        command.addAll(List.of(options));
        command.add(file.toUri().toString());
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the browser did not end: " + command);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Run(Files.readString(out), Files.readString(err));
    }

    private static Optional<String> browser() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
