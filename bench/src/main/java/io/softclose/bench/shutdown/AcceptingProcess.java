/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.shutdown;

import io.softclose.bench.lab.LiveHeap;
import io.softclose.net.Listener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The process whose ends of many connections are accepted ones. It says where it listens, and answers line by line: {@code live} with
 * the bytes that are live on its heap, {@code end} with how its connections have ended. It ends with its input.
 */
public final class AcceptingProcess {
    static final String LISTENS = "listens";
    static final String LIVE = "live";
    static final String END = "end";

    /** For those ends that are not told of their peers' yet. */
    private static final Duration LAST_REPORTS = Duration.ofSeconds(20);

    private AcceptingProcess() {}

    /** Takes the transport's name, how many connections will come, and at how many addresses of the loopback interface. */
    @SuppressWarnings("SystemOut") // a line each is its protocol
    public static void main(String[] arguments) throws IOException, InterruptedException {
        ManyEnds ends = new ManyEnds(arguments[0], Integer.parseInt(arguments[1]));
        List<String> ports = new ArrayList<>();
        for (int address = 1; address <= Integer.parseInt(arguments[2]); address++) {
            Listener listener = ends.network.listen(new InetSocketAddress("127.0.0." + address, 0));
            ports.add("" + ((InetSocketAddress) listener.localAddress()).getPort());
        }
        System.out.println(LISTENS + " " + String.join(" ", ports));
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            System.out.println(line.equals(LIVE) ? LIVE + " " + LiveHeap.bytes() : end(ends));
        }
        System.exit(0);
    }

    private static String end(ManyEnds ends) throws InterruptedException {
        ends.awaitReports(LAST_REPORTS);
        return END + " " + ends.ended() + " " + ends.unbalanced() + " " + ends.handled();
    }
}
