/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The links of one loop that linger, oldest first. There is a most of them. Confined to the loop. */
final class LingeringLinks {
    static final int MOST = 1024;

    /** One of them. */
    interface Member {
        /** Ends it now. */
        void expire();

        /** Whether it is closed, or about to be. */
        boolean over();
    }

    private final Set<Member> links = new LinkedHashSet<>();

    /** Adds one, and ends the oldest if that makes too many. */
    void add(Member link) {
        links.add(link);
        if (links.size() > MOST) {
            links.stream().filter(oldest -> !oldest.over()).findFirst().ifPresent(Member::expire);
        }
    }

    /** Takes one out, whose channel is closed. */
    void remove(Member link) {
        links.remove(link);
    }

    boolean isEmpty() {
        return links.isEmpty();
    }

    /** Ends all of them. */
    void expireAll() {
        List.copyOf(links).forEach(Member::expire);
    }
}
