/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrerequisitesTest {
    private static final Set<String> ALL_TOOLS = Set.of("ip", "tc", "ss", "nft", "ethtool", "python3");

    @Test
    void rootOnLinuxWithEveryToolCanRunIt() {
        Prerequisites prerequisites = new Prerequisites("Linux", "root", ALL_TOOLS::contains);

        assertEquals(Optional.empty(), prerequisites.missing());
        assertEquals(List.of(), prerequisites.missingTools());
    }

    @Test
    void elsewhereThanOnLinuxItSaysSo() {
        assertSays("needs Linux", "runs on Linux only", new Prerequisites("Mac OS X", "root", ALL_TOOLS::contains));
    }

    @Test
    void withoutRootItSaysWhoRunsIt() {
        assertSays("needs root", "this is alice", new Prerequisites("Linux", "alice", ALL_TOOLS::contains));
    }

    @Test
    void toolsThatNothingCanInstallAreNamed() {
        assertSays(
                "names them", "[ip, tc, ss, nft, ethtool, python3]", new Prerequisites("Linux", "root", name -> false));
    }

    @Test
    void toolsThatCanBeInstalledAreNoObstacle() {
        Prerequisites prerequisites = new Prerequisites("Linux", "root", "apk"::equals);

        assertEquals(Optional.empty(), prerequisites.missing());
        assertEquals(List.of(Tool.values()), prerequisites.missingTools());
    }

    @Test
    void rightsThatRootLacksAreNamed() {
        String message = Prerequisites.refusal(() -> {
                    throw new IllegalStateException("ip netns add: Operation not permitted");
                })
                .orElseThrow();

        assertTrue(message.contains("CAP_NET_ADMIN"), message);
        assertTrue(
                message.endsWith(
                        "Operation not permitted. Run it as root on Linux: mvn -B -ntp test -Pkernel -pl bench -am"),
                message);
        assertEquals(Optional.empty(), Prerequisites.refusal(() -> {}));
    }

    @Test
    void eachDistributionInstallsItsOwnPackages() {
        List<Tool> tools = List.of(Tool.values());

        assertEquals(
                List.of("apt-get update", "apt-get install -y iproute2 nftables ethtool python3"),
                PackageManager.APT.install(tools));
        assertEquals(
                List.of("dnf install -y iproute iproute-tc nftables ethtool python3"),
                PackageManager.DNF.install(tools));
        assertEquals(
                List.of("apk add --no-cache iproute2 nftables ethtool python3"), PackageManager.APK.install(tools));
        assertEquals(
                List.of("apt-get update", "apt-get install -y ethtool"),
                PackageManager.APT.install(List.of(Tool.ETHTOOL)));
    }

    @Test
    void theFirstPackageManagerThatIsThereIsTaken() {
        assertEquals(Optional.of(PackageManager.DNF), PackageManager.present(Set.of("dnf", "apk")::contains));
        assertEquals(Optional.empty(), PackageManager.present(name -> false));
    }

    private static void assertSays(String what, String expected, Prerequisites prerequisites) {
        String message = prerequisites.missing().orElse("nothing is missing");
        assertTrue(message.contains(expected), () -> what + ": " + message);
        assertTrue(message.contains("mvn -B -ntp test -Pkernel -pl bench -am"), message);
    }
}
