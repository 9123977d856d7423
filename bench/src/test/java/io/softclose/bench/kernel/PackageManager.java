/* SPDX-License-Identifier: Apache-2.0 */
package io.softclose.bench.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a distribution installs packages. */
enum PackageManager {
    /** Debian, Ubuntu. */
    APT("apt-get", "apt-get update", "apt-get install -y"),
    /** Fedora, and what is made from it. */
    DNF("dnf", "", "dnf install -y"),
    /** Alpine. */
    APK("apk", "", "apk add --no-cache");

    private final String command;
    private final String preparation;
    private final String installation;

    PackageManager(String command, String preparation, String installation) {
        this.command = command;
        this.preparation = preparation;
        this.installation = installation;
    }

    /** The one that this machine has. */
    static Optional<PackageManager> present(Predicate<String> hasCommand) {
        return Arrays.stream(values())
                .filter(manager -> hasCommand.test(manager.command))
                .findFirst();
    }

    /** The commands that install these tools, each run by a shell. */
    List<String> install(List<Tool> tools) {
        String packages = tools.stream().map(this::packageOf).distinct().collect(Collectors.joining(" "));
        return Stream.of(preparation, installation + " " + packages)
                .filter(each -> !each.isEmpty())
                .toList();
    }

    private String packageOf(Tool tool) {
        return switch (tool) {
            case IP, SS -> this == DNF ? "iproute" : "iproute2";
            case TC -> this == DNF ? "iproute-tc" : "iproute2";
            case NFT -> "nftables";
            case ETHTOOL -> "ethtool";
            case PYTHON -> "python3";
        };
    }
}
