/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.nio.node;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What is reachable on the heap, by class: the class histogram that HotSpot makes after a full collection.
 *
 * @param bytesByClass shallow sizes of all instances, in bytes
 */
record LiveObjects(Map<String, Long> bytesByClass) {
    /** For example {@code "   3:   1234   56789  java.lang.String (java.base@17.0.15)"}. */
    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+).*");

    LiveObjects {
        bytesByClass = Map.copyOf(bytesByClass);
    }

    /** Collects garbage and counts what is left. */
    static LiveObjects now() {
        Map<String, Long> bytes = new TreeMap<>();
        for (String line : histogram().split("\n", -1)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                bytes.merge(matcher.group(2), Long.parseLong(matcher.group(1)), Long::sum);
            }
        }
        return new LiveObjects(bytes);
    }

    /** How many direct buffers there are, pooled ones included. */
    static long directBuffers() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getCount)
                .sum();
    }

    long bytes() {
        return bytesByClass.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What there is more of than before, by class. */
    LiveObjects since(LiveObjects before) {
        Map<String, Long> more = new TreeMap<>();
        bytesByClass.forEach((name, bytes) -> {
            long growth = bytes - before.bytesByClass.getOrDefault(name, 0L);
            if (growth != 0) {
                more.put(name, growth);
            }
        });
        return new LiveObjects(more);
    }

    /** The classes that hold most, each with its bytes per unit. */
    String perUnit(int units) {
        return bytesByClass.entrySet().stream()
                .filter(entry -> entry.getValue() >= units)
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(30)
                .map(entry -> entry.getValue() / units + " " + entry.getKey())
                .collect(Collectors.joining("\n  ", bytes() / units + " bytes each, of which\n  ", ""));
    }

    private static String histogram() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new AssertionError("no class histogram (expected: a HotSpot JVM)", e);
        }
    }
}
