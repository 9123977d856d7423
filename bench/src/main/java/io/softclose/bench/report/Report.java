/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report;

import io.softclose.bench.report.data.BadResultException;
import io.softclose.bench.report.data.Result;
import io.softclose.bench.report.data.ResultReader;
import io.softclose.bench.report.data.TestnetResult;
import io.softclose.bench.report.page.Picture;
import io.softclose.bench.report.page.ReportPage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What result files say, to be shown.
 *
 * @param results in the order of the files
 */
public record Report(List<Result> results) {
    /** The most files that one page shows. */
    public static final int MOST_FILES = 50;

    /** Copies the list. */
    public Report {
        results = List.copyOf(results);
    }

    /**
     * Reads files.
     *
     * @throws BadResultException for the first that is no result, or lacks something
     * @throws IllegalArgumentException if they are more than {@link #MOST_FILES}
     */
    public static Report of(List<Path> files) throws BadResultException {
        if (files.size() > MOST_FILES) {
            throw new IllegalArgumentException("files: " + files.size() + " (expected: at most " + MOST_FILES + ")");
        }
        List<Result> results = new ArrayList<>();
        for (Path file : files) {
            results.add(ResultReader.read(file));
        }
        return new Report(results);
    }

    /** One page of HTML with all of it. */
    public String page() {
        return ReportPage.of(results);
    }

    /** The first test network's result as an SVG; none if there is none. */
    public Optional<String> picture() {
        return results.stream()
                .filter(TestnetResult.class::isInstance)
                .map(TestnetResult.class::cast)
                .map(Picture::of)
                .findFirst();
    }
}
