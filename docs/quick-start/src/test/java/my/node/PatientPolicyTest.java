package my.node;

import io.softclose.net.spi.ClosePolicy;
import io.softclose.net.testkit.policy.ClosePolicyContract;

class PatientPolicyTest implements ClosePolicyContract {
    @Override
    public ClosePolicy createPolicy() {
        return new PatientPolicy();
    }
}
