/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.compare;

import io.softclose.bench.Failures;
import io.softclose.net.CloseReport;
import io.softclose.net.Network;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs one cell of the comparison: two nodes over loopback, each with a transport of its own. */
public final class CellRunner {
    private static final long STOP_SECONDS = 30;

    private final Duration patience;
    private final Optional<TimelineRecorder> recorder;

    /**
     * A runner of one cell, whose close is noted.
     *
     * @param patience the most that each step of the cell may take; a cell that takes longer has failed
     */
    public CellRunner(Duration patience, TimelineRecorder recorder) {
        this.patience = patience;
        this.recorder = Optional.of(recorder);
    }

    /**
     * A runner.
     *
     * @param patience the most that each step of a cell may take; a cell that takes longer has failed
     */
    public CellRunner(Duration patience) {
        this.patience = patience;
        recorder = Optional.empty();
    }

    /**
     * Ends a network and what is left of its connections at once.
     *
     * @throws java.util.concurrent.CompletionException if that takes more than 30 s, which only a defect can cause
     */
    static void stop(Network network) {
        network.shutdown(Duration.ZERO)
                .toCompletableFuture()
                .orTimeout(STOP_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** Runs a cell to its end at both nodes. */
    public CellResult run(Cell cell) throws InterruptedException {
        Ledger messages = new Ledger();
        Ledger talk = new Ledger();
        try (ReceivingNode receiver = new ReceivingNode(cell, messages, talk);
                CellPath path = CellPath.to(receiver.address(), cell.conditions());
                SendingNode sender = new SendingNode(cell, messages, talk, recorder)) {
            CloseReport sent = await(sender.sendAndClose(path.address(), patience));
            CloseReport received = await(receiver.ended());
            return judge(cell, messages.audit(sent), sent, talk.audit(received), received);
        } catch (TimeoutException e) {
            return new CellResult.Failed(cell, "a step did not end within " + patience);
        } catch (ExecutionException | IOException e) {
            return new CellResult.Failed(cell, Failures.describe(e));
        }
    }

    private static CellResult judge(
            Cell cell, Ledger.Audit messages, CloseReport sent, Ledger.Audit talk, CloseReport received) {
        List<String> faults = new ArrayList<>(messages.faults());
        talk.faults().forEach(fault -> faults.add("from the receiving node: " + fault));
        boolean balanced = sent.account().balanced() && received.account().balanced();
        return new CellResult.Finished(
                cell, messages, sent.ending(), sent.lossless(), sent.duration(), balanced, faults);
    }

    private <T> T await(CompletionStage<T> stage) throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture().get(patience.toNanos(), TimeUnit.NANOSECONDS);
    }
}
