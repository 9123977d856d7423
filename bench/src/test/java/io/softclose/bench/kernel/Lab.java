/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.softclose.bench.Availability;
import io.softclose.bench.lab.AnyTransport;
import io.softclose.bench.lab.Conditions;
import io.softclose.bench.lab.Side;
import io.softclose.bench.lab.Testbed;
import io.softclose.bench.lab.Wire;
import io.softclose.net.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Two nodes on one transport with a wire between them, made for each test and taken apart after it. */
final class Lab implements BeforeEachCallback, AfterEachCallback {
    /** Longer than any policy wants. */
    static final Duration NO_LIMIT = Duration.ofMinutes(5);

    private static final Duration SAFETY_NET = Duration.ofSeconds(30);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** Whether nodes speak TLS. */
    private static final boolean TLS = Boolean.getBoolean("softclose.kernel.tls");
    /** Repeats a run's losses, as far as the machine's timing allows. */
    private static final long SEED = Long.getLong("softclose.kernel.seed", new Random().nextInt(1_000_000));

    private final AnyTransport transport;
    private final List<AutoCloseable> open = new ArrayList<>();
    private String test = "";
    private String wire = "";
    private @Nullable Path journals;
    private @Nullable Testbed testbed;
    private @Nullable NodeProcess alice;
    private @Nullable NodeProcess bob;
    /** Where bob listens. */
    private int port;

    Lab(AnyTransport transport) {
        this.transport = transport;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        Prerequisites.ofThisMachine().require();
        Availability.require(transport);
        Testbed.deleteStale();
        test = context.getRequiredTestMethod().getName();
        journals = Files.createTempDirectory("softclose-kernel");
        open.add(this::deleteJournals);
    }

    /** Connects alice, who closes under this policy, with bob, who closes gracefully, and waits until both are open. */
    void connect(Conditions conditions, AnyPolicy policy) {
        testbed = own(Testbed.open());
        Wire carrier = own(Wire.connect(testbed(), conditions, SEED));
        wire = carrier.description();
        alice = own(start(Side.ALICE, policy));
        bob = own(start(Side.BOB, AnyPolicy.GRACEFUL));
        alice().awaitReady();
        bob().awaitReady();
        port = bob().listen(Side.BOB.address());
        dial();
    }

    /** Has alice dial bob, and waits until both are open. */
    void dial() {
        alice().dial(Side.BOB.address(), port);
        alice().awaitOpen();
        bob().awaitOpen();
    }

    private NodeProcess start(Side side, AnyPolicy policy) {
        Path journal = requireNonNull(journals, "journals").resolve(side.label());
        return new NodeProcess(testbed().of(side), transport, TLS, policy, journal);
    }

    private <T extends AutoCloseable> T own(T resource) {
        open.add(resource);
        return resource;
    }

    Testbed testbed() {
        return requireNonNull(testbed, "testbed");
    }

    NodeProcess alice() {
        return requireNonNull(alice, "alice");
    }

    NodeProcess bob() {
        return requireNonNull(bob, "bob");
    }

    /** Waits until alice's kernel gets nothing through any more and knows it. */
    void awaitStuck() {
        await(() -> testbed().stuck(Side.ALICE), "alice's kernel gets nothing through");
    }

    /** Nobody tells about the state of a kernel's sockets, so it is asked again and again. */
    private static void await(BooleanSupplier condition, String what) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > SAFETY_NET.toNanos()) {
                throw new AssertionError("not within " + SAFETY_NET + ": " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Holds what alice was told about her messages against what bob's handler had. */
    CrossCheck aliceToBob() {
        return check("alice to bob", alice(), bob());
    }

    /** Holds what bob was told about his messages against what alice's handler had. */
    CrossCheck bobToAlice() {
        return check("bob to alice", bob(), alice());
    }

    private CrossCheck check(String direction, NodeProcess sender, NodeProcess receiver) {
        NodeRecord sent = sender.written();
        CrossCheck check = CrossCheck.of(sent, receiver.written());
        System.out.println(line(direction, sent.policy(), check));
        assertEquals(
                List.of(),
                check.faults(),
                () -> direction + ", seed " + SEED + ", sender: " + sender.output() + ", receiver: "
                        + receiver.output());
        return check;
    }

    private String line(String direction, AnyPolicy policy, CrossCheck check) {
        String outcomes = Arrays.stream(Outcome.values())
                .filter(outcome -> check.count(outcome) > 0)
                .map(outcome -> outcome + " " + check.count(outcome))
                .collect(Collectors.joining(", "));
        return "kernel: %s%s, %s, %s, %s: %s, accepted %d: %s; handled %d, written and not handled %d (seed %d, %s)"
                .formatted(
                        transport,
                        TLS ? " with TLS" : "",
                        test,
                        policy,
                        direction,
                        check.ending(),
                        check.audit().accepted(),
                        outcomes,
                        check.audit().delivered(),
                        check.audit().silentlyLost(),
                        SEED,
                        wire);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<AutoCloseable> latestFirst = new ArrayList<>(open);
        Collections.reverse(latestFirst);
        open.clear();
        assertAll(latestFirst.stream().map(resource -> resource::close));
    }

    private void deleteJournals() throws IOException {
        try (Stream<Path> files = Files.walk(requireNonNull(journals, "journals"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
