package my.node;

import io.softclose.net.DisconnectReason;
import io.softclose.net.spi.CloseDecision;
import io.softclose.net.spi.ClosePlan;
import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.spi.CloseSnapshot;
import java.time.Duration;

public final class PatientPolicy implements ClosePolicy {
    @Override
    public String name() {
        return "patient";
    }

    @Override
    public ClosePlan plan(DisconnectReason reason) {
        return new ClosePlan(ClosePlan.Admission.SEAL, Duration.ofSeconds(60), Duration.ofSeconds(2));
    }

    @Override
    public CloseDecision decide(CloseSnapshot now) {
        boolean done = now.sealed() && now.drained();
        boolean silent = now.sinceProgress().compareTo(Duration.ofMillis(200)) > 0;
        return done || silent ? CloseDecision.finish() : CloseDecision.drain(now, Duration.ofMillis(50));
    }
}
