/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.softclose.bench.report.Fixtures;
import io.softclose.bench.report.Report;
import io.softclose.bench.report.data.CompareResult;
import io.softclose.bench.report.data.ResultReader;
import io.softclose.bench.report.data.TestnetResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What stands on the page, which is read as the XML that it is, too. */
class ReportPageTest {
    private static String page;
    private static Document document;

    @BeforeAll
    static void make() throws Exception {
        page = Fixtures.page();
        document = Html.parse(page);
    }

    @Test
    void theSameFilesMakeTheSamePage() throws Exception {
        assertEquals(page, Fixtures.page());
    }

    @Test
    void eachFileHasASectionWithItsCommand() throws Exception {
        List<String> sections = texts("h2");

        assertEquals(
                List.of(
                        "Test network testnet.json",
                        "Closes compared compare.json",
                        "Closes compared sweep.json",
                        "One close timeline.json",
                        "JMH jmh.json"),
                sections);
        for (Path file : Fixtures.ALL) {
            String command = ResultReader.read(file).facts().command();
            assertTrue(texts("code").contains(command), command);
        }
    }

    @Test
    void everyFigureHasATitleADescriptionAndACommand() {
        List<Element> figures = elements("figure");
        Set<String> ids = new HashSet<>();
        elements("*").stream()
                .map(element -> element.getAttribute("id"))
                .filter(id -> !id.isEmpty())
                .forEach(id -> assertTrue(ids.add(id), "twice: " + id));

        assertTrue(figures.size() > 20, "figures: " + figures.size());
        for (Element figure : figures) {
            Element svg = (Element) figure.getElementsByTagName("svg").item(0);
            assertEquals("img", svg.getAttribute("role"));
            assertTrue(ids.contains(svg.getAttribute("aria-labelledby")));
            assertTrue(ids.contains(svg.getAttribute("aria-describedby")));
            assertFalse(text(svg, "title").isBlank());
            assertFalse(text(svg, "desc").isBlank());
            assertFalse(text(figure, "figcaption").isBlank());
            assertTrue(text(figure, "code").startsWith("java -jar benchmarks.jar "), text(figure, "code"));
        }
    }

    @Test
    void everySectionHasTablesWithHeadingsForRowsAndColumns() {
        for (Element section : elements("section")) {
            assertTrue(section.getElementsByTagName("table").getLength() > 0, section.getAttribute("id"));
        }
        for (Element table : elements("table")) {
            assertFalse(text(table, "caption").isBlank());
            for (Element heading : elements(table, "th")) {
                assertTrue(Set.of("col", "row").contains(heading.getAttribute("scope")), heading.getTextContent());
            }
            int columns = elements((Element) table.getElementsByTagName("thead").item(0), "th")
                    .size();
            for (Element row :
                    elements((Element) table.getElementsByTagName("tbody").item(0), "tr")) {
                assertEquals(
                        columns,
                        elements(row, "th").size() + elements(row, "td").size(),
                        row.getTextContent());
            }
        }
    }

    @Test
    void aScreenReaderFindsLanguageTitleHeadingsAndMain() {
        assertEquals("en", document.getDocumentElement().getAttribute("lang"));
        assertEquals(List.of("Softclose: what was measured"), texts("h1"));
        assertEquals(1, elements("main").size());
        assertEquals(1, elements("nav").size());
        Set<String> ids = new HashSet<>();
        elements("*").forEach(element -> ids.add(element.getAttribute("id")));
        for (Element link : elements("a")) {
            assertTrue(ids.contains(link.getAttribute("href").substring(1)), link.getAttribute("href"));
        }
    }

    @Test
    void nothingIsLoadedAndNothingRuns() {
        assertEquals(List.of(), elements("script"));
        assertEquals(List.of(), elements("img"));
        for (Element element : elements("*")) {
            for (String attribute : List.of("href", "src", "style", "onload", "onclick", "xlink:href")) {
                String value = element.getAttribute(attribute);
                assertTrue(value.isEmpty() || value.startsWith("#") || value.equals("data:,"), attribute + "=" + value);
            }
        }
        assertFalse(page.contains("http:") || page.contains("https:") || page.contains("@import"));
        assertEquals(
                page.split("url\\(").length,
                page.split("url\\(#p\\d\\)", -1).length,
                "other than patterns of the page");
    }

    /** By hand from the file: what the page makes of it may not be what it is compared with. */
    @Test
    void theTableOfTheChainHasTheFiguresOfTheFile() throws Exception {
        TestnetResult.Run run =
                ((TestnetResult) ResultReader.read(Fixtures.TESTNET)).runs().get(1);
        String json = Files.readString(Fixtures.TESTNET);

        List<String> row = row("Table: the chain", "drop", "on");

        assertTrue(json.contains("\"policy\":\"drop\",\"handOver\":true"));
        TestnetResult.Figures figures = run.figures().orElseThrow();
        assertEquals(Long.toString(figures.rounds()), row.get(3));
        assertEquals(Long.toString(figures.timeouts()), row.get(12));
        assertEquals(Long.toString(figures.votes().sent()), row.get(13));
        assertEquals(Long.toString(figures.votes().handedOver().orElseThrow()), row.get(15));
        assertEquals(Long.toString(figures.votes().lost()), row.get(16));
        assertEquals(Long.toString(figures.votes().silent().orElseThrow()), row.get(17));
        assertEquals("yes", row.get(18));
    }

    @Test
    void theTableOfAComparisonHasTheFiguresOfTheFile() throws Exception {
        CompareResult.Cell cell =
                ((CompareResult) ResultReader.read(Fixtures.COMPARE)).cells().get(1);
        CompareResult.Figures figures = cell.figures().orElseThrow();

        List<String> row = row("Table: proof-of-concept over nio", "reader fast", "drop");

        assertEquals(
                List.of("100", Long.toString(figures.delivered()), Long.toString(figures.lost())), row.subList(2, 5));
        assertEquals(figures.ending(), row.get(8));
    }

    @Test
    void policiesStandBesideEachOtherInAGroup() {
        List<String> words = texts("desc");

        assertTrue(
                words.stream()
                        .anyMatch(
                                description -> description.matches(
                                        "Bars\\. reader fast, consensus-priority: 0 of 100 \\(0 %\\); reader fast, drop: 95 of 100 \\(95 %\\); .*")),
                String.join("\n", words));
    }

    @Test
    void aConditionThatDiffersIsACurve() {
        List<String> titles = texts("figcaption");

        assertTrue(titles.contains("Messages lost over deadline, reader fast"), String.join("\n", titles));
    }

    @Test
    void whatStandsInAFileIsTextOnThePage(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("<b>.json");
        Files.writeString(
                file,
                Files.readString(Fixtures.COMPARE)
                        .replace("\"drop\"", "\"<script>alert(1)</script>\"")
                        .replace("\"command\":\"", "\"command\":\"'\\\"><img src=x onerror=alert(2)> "));

        String hostile = Report.of(List.of(file)).page();

        Document parsed = Html.parse(hostile);
        assertEquals(0, parsed.getElementsByTagName("script").getLength());
        assertEquals(0, parsed.getElementsByTagName("img").getLength());
        assertTrue(parsed.getDocumentElement().getTextContent().contains("<script>alert(1)</script>"));
    }

    @Test
    void aFaultIsToldBeforeTheFigures(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("c.json");
        Files.writeString(
                file,
                Files.readString(Fixtures.COMPARE)
                        .replaceFirst("\"faults\":\\[\\]", "\"faults\":[\"#7 ended twice\"]")
                        .replace("\"interrupted\":false", "\"interrupted\":true"));

        String faulty = Report.of(List.of(file)).page();

        assertTrue(faulty.indexOf("#7 ended twice") < faulty.indexOf("<figure"), "first");
        assertTrue(faulty.contains("It was interrupted"));
        assertFalse(page.contains("It was interrupted"));
    }

    @Test
    void thePictureIsAnSvgThatSaysWhereItComesFrom() throws Exception {
        String picture = Report.of(List.of(Fixtures.TESTNET)).picture().orElseThrow();

        Document parsed = Html.parse(picture);
        assertEquals("svg", parsed.getDocumentElement().getNodeName());
        assertEquals("http://www.w3.org/2000/svg", parsed.getDocumentElement().getAttribute("xmlns"));
        String foot = elements(parsed.getDocumentElement(), "text").stream()
                .filter(text -> text.getAttribute("class").equals("tick mono"))
                .map(Element::getTextContent)
                .collect(Collectors.joining(" "));
        assertEquals(ResultReader.read(Fixtures.TESTNET).facts().command(), foot);
        assertTrue(picture.contains("prefers-color-scheme: dark"));
        assertTrue(Report.of(List.of(Fixtures.JMH)).picture().isEmpty());
    }

    private static List<String> row(String table, String... names) {
        for (Element each : elements("table")) {
            if (text(each, "caption").equals(table)) {
                for (Element row :
                        elements((Element) each.getElementsByTagName("tbody").item(0), "tr")) {
                    List<String> cells = new ArrayList<>();
                    elements(row, "th").forEach(cell -> cells.add(cell.getTextContent()));
                    elements(row, "td").forEach(cell -> cells.add(cell.getTextContent()));
                    if (cells.subList(0, names.length).equals(List.of(names))) {
                        return cells;
                    }
                }
            }
        }
        throw new AssertionError(table + ", " + String.join(", ", names) + ": not on the page");
    }

    private static List<String> texts(String name) {
        return elements(name).stream()
                .map(element -> name.equals("figcaption") ? text(element, "strong") : element.getTextContent())
                .toList();
    }

    private static String text(Element parent, String name) {
        return parent.getElementsByTagName(name).item(0).getTextContent();
    }

    private static List<Element> elements(String name) {
        return elements(document.getDocumentElement(), name);
    }

    private static List<Element> elements(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        return IntStream.range(0, found.getLength())
                .mapToObj(found::item)
                .map(Element.class::cast)
                .toList();
    }
}
