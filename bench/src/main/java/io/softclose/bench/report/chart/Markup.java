/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.report.chart;

import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Markup that is being written: SVG, or HTML that is well-formed XML, too. The JDK's writer escapes all text and all attributes, so
 * whatever stands in a result file is text on the page. Attributes are given as name, value, name, value. Not thread-safe.
 */
public final class Markup {
    /** Elements of HTML without content. */
    private static final Set<String> VOID = Set.of("meta", "link", "br", "col");

    /** Elements that stand among words. */
    private static final Set<String> INLINE = Set.of("a", "code", "strong", "em", "span", "tspan");

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter out;
    private final Deque<String> open = new ArrayDeque<>();

    /** Nothing yet. */
    public Markup() {
        try {
            out = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
        } catch (XMLStreamException e) {
            throw failed(e);
        }
    }

    /** Says that this is HTML. */
    public Markup doctype() {
        return write(() -> out.writeDTD("<!DOCTYPE html>"));
    }

    /** Begins an element, which has to be {@linkplain #end ended}. */
    public Markup begin(String name, String... attributes) {
        if (!INLINE.contains(name)) {
            text("\n");
        }
        open.push(name);
        return write(() -> {
            if (VOID.contains(name)) {
                out.writeEmptyElement(name);
            } else {
                out.writeStartElement(name);
            }
            for (int i = 0; i < attributes.length; i += 2) {
                out.writeAttribute(attributes[i], clean(attributes[i + 1]));
            }
        });
    }

    /** Ends the element that was begun last. */
    public Markup end() {
        boolean isVoid = VOID.contains(open.pop());
        return write(() -> {
            if (!isVoid) {
                out.writeEndElement();
            }
        });
    }

    /** Text, which is escaped. */
    public Markup text(String words) {
        return write(() -> out.writeCharacters(clean(words)));
    }

    /** An element with text and nothing else. */
    public Markup leaf(String name, String words, String... attributes) {
        return begin(name, attributes).text(words).end();
    }

    /** An element without content. */
    public Markup empty(String name, String... attributes) {
        return begin(name, attributes).end();
    }

    /**
     * A style sheet. HTML reads it as it stands and XML unescapes it, so it must have nothing to escape.
     *
     * @throws IllegalArgumentException if it has
     */
    public Markup style(String css) {
        if (css.chars().anyMatch(each -> each == '<' || each == '>' || each == '&')) {
            throw new IllegalArgumentException("css: has <, > or & (expected: none of them)");
        }
        return leaf("style", css);
    }

    /** All of it. Everything that was begun must have been ended. */
    @Override
    public String toString() {
        write(out::flush);
        return text.toString().strip() + "\n";
    }

    /** XML has no way to write most control characters, nor halves of characters. */
    private static String clean(String words) {
        StringBuilder clean = new StringBuilder(words.length());
        words.codePoints()
                .map(each -> (each < 0x20 && each != '\n' && each != '\t')
                                || (each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE)
                                || each == 0xfffe
                                || each == 0xffff
                        ? 0xfffd
                        : each)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    /** What the writer does. */
    private interface Step {
        void run() throws XMLStreamException;
    }

    private Markup write(Step step) {
        try {
            step.run();
            return this;
        } catch (XMLStreamException e) {
            throw failed(e);
        }
    }

    private static IllegalStateException failed(XMLStreamException e) {
        return new IllegalStateException("a string cannot fail to be written", e);
    }
}
