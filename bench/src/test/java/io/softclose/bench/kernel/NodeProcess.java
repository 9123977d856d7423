/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.ChildProcess;
import io.softclose.bench.lab.Journal;
import io.softclose.bench.lab.Testbed;
import io.softclose.net.DisconnectReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A {@link KernelNode}'s process, in its namespace. */
final class NodeProcess implements AutoCloseable {
    /** What fills a wire across a continent, and is little beside a backlog. */
    private static final int SOCKET_BUFFER = 128 * 1024;

    private final AnyPolicy policy;
    private final Path journal;
    private final ChildProcess process;

    /** Starts a node, which then does nothing yet. */
    NodeProcess(String namespace, AnyTransport transport, boolean tls, AnyPolicy policy, Path journal) {
        this.policy = policy;
        this.journal = journal;
        List<String> command = new ArrayList<>(Testbed.within(namespace));
        command.addAll(ChildProcess.java(
                KernelNode.class, transport.name(), "" + SOCKET_BUFFER, "" + tls, policy.name(), journal.toString()));
        process = ChildProcess.start(journal.getFileName().toString(), command);
    }

    void awaitReady() {
        process.await("ready");
    }

    /** Listens on an address, and returns the port. */
    int listen(String address) {
        process.tell("listen " + address);
        return Integer.parseInt(process.await("listening"));
    }

    void dial(String address, int port) {
        process.tell("dial " + address + " " + port);
    }

    void awaitOpen() {
        process.await("open");
    }

    /** Has it send so many messages at once, and waits until all are accepted. */
    void send(int count, int size) {
        process.tell("send " + count + " " + size);
        process.await("sent");
    }

    /** Has it send small messages until its connection takes no more, and waits for the first. */
    void talk() {
        process.tell("talk");
        process.await("talking");
    }

    /** Waits until its handler has had so many messages. */
    void awaitHandled(int count) {
        process.tell("announce " + count);
        process.await("handled");
    }

    /** Has it close, in the time that its policy gives itself, and waits until the call has returned. */
    void close(Duration limit) {
        process.tell("close " + limit.toMillis());
        process.await("closing");
    }

    /** Has it check its peer's health. */
    void check() {
        process.tell("check");
    }

    /** Waits until its connection has closed, and returns why. */
    DisconnectReason awaitReason() {
        return DisconnectReason.valueOf(process.await("reason"));
    }

    /** Waits until its connection has closed, and returns how. */
    String awaitClosed() {
        return process.await("closed");
    }

    /** Kills it, as SIGKILL does: nothing runs any more in it. */
    void kill() {
        process.close();
    }

    /** Stops it: it keeps everything and does nothing, while its kernel goes on. */
    void stop() {
        process.signal("STOP");
    }

    /** Lets it go on. */
    void resume() {
        process.signal("CONT");
    }

    /** What it has written down, dead or alive. */
    NodeRecord written() {
        return new NodeRecord(policy, Journal.read(journal));
    }

    List<String> output() {
        return process.output();
    }

    @Override
    public void close() {
        process.close();
    }
}
