/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.net.netty.loop;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The links of one loop that linger, oldest first. Their number is bounded. Confined to the loop. */
public final class LingeringLinks {
    public static final int MOST = 1024;

    /** One of them. */
    public interface Member {
        /** Ends it now. */
        void expire();

        /** Whether it is closed, or about to be. */
        boolean over();
    }

    private final Set<Member> links = new LinkedHashSet<>();

    /** Adds one, and ends the oldest if that makes too many. */
    public void add(Member link) {
        links.add(link);
        if (links.size() > MOST) {
            links.stream().filter(oldest -> !oldest.over()).findFirst().ifPresent(Member::expire);
        }
    }

    /** Takes one out, whose channel is closed. */
    public void remove(Member link) {
        links.remove(link);
    }

    public boolean isEmpty() {
        return links.isEmpty();
    }

    /** Ends all of them. */
    void expireAll() {
        List.copyOf(links).forEach(Member::expire);
    }
}
