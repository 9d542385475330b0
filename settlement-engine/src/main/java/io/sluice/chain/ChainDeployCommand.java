package io.sluice.chain;

import io.sluice.chain.DeploymentTerms.Role;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/**
 * Puts the whole set of contracts on a chain, or goes on with it, or proves that it is there. Exit 0 when it is, 1 when what is there is
 * not what was asked for, 2 on misuse, 3 when the node or the funds failed.
 */
@Command(
        name = "deploy",
        mixinStandardHelpOptions = true,
        description = {
            "Put the contracts on a chain, once; the same command goes on with an interrupted run and checks a finished one.",
            "On a test chain (31337) every role is the deployer's unless it is given; elsewhere every role, the token and its supply must be"
                    + " given, and those that check each other must be different addresses."
        })
final class ChainDeployCommand implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofMillis(500);
    private static final BigInteger TEST_SUPPLY = BigInteger.TEN.pow(24);
    private static final BigInteger PER_MILLE = BigInteger.valueOf(1000);
    private static final List<List<Role>> DIFFERENT = List.of(
            List.of(Role.COMPLIANCE, Role.TRUSTEE),
            List.of(Role.OPERATOR, Role.GUARDIAN),
            List.of(Role.OPERATOR, Role.POLICY),
            List.of(Role.OPERATOR, Role.RULE_ADMIN));

    @Option(
            names = "--rpc",
            required = true,
            defaultValue = "${env:SLUICE_CHAIN_RPC}",
            description = "The node's address.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private URI rpc;

    @Option(
            names = "--chain-id",
            defaultValue = "${env:SLUICE_CHAIN_ID}",
            description = "The chain that it must serve.")
    private @Nullable Long chainId;

    @Option(
            names = "--keystore",
            required = true,
            defaultValue = "${env:SLUICE_CHAIN_KEYSTORE}",
            description = "The deployer's key file, or a folder with exactly one.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path keystore;

    @Option(
            names = "--password-file",
            required = true,
            defaultValue = "${env:SLUICE_CHAIN_KEYSTORE_PASSWORD_FILE}",
            description = "The file whose only line opens it.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path passwordFile;

    @Option(
            names = "--out",
            description =
                    "The deployment's file, which later runs and the engine read (default: deployment-CHAIN.json in SLUICE_DATA,"
                            + " else in data).")
    private @Nullable Path out;

    @Option(
            names = "--role",
            paramLabel = "ROLE=ADDRESS",
            description = "Who it is: ${COMPLETION-CANDIDATES}.",
            split = ",")
    private Map<Role, String> roles = new EnumMap<>(Role.class);

    @Option(names = "--token-name", description = "The royalty token's name.")
    private @Nullable String tokenName;

    @Option(names = "--token-symbol", description = "The royalty token's symbol.")
    private @Nullable String tokenSymbol;

    @Option(names = "--supply", description = "All royalty tokens, in their smallest units (18 decimals).")
    private @Nullable BigInteger supply;

    @Option(names = "--activation-delay", defaultValue = "86400", description = "Seconds; default ${DEFAULT-VALUE}.")
    private long activationDelay;

    @Option(names = "--heartbeat-limit", defaultValue = "259200", description = "Seconds; default ${DEFAULT-VALUE}.")
    private long heartbeatLimit;

    @Option(names = "--recovery-delay", defaultValue = "604800", description = "Seconds; default ${DEFAULT-VALUE}.")
    private long recoveryDelay;

    @Option(names = "--timelock-delay", defaultValue = "259200", description = "Seconds; default ${DEFAULT-VALUE}.")
    private long timelockDelay;

    @Option(names = "--voting-delay", defaultValue = "86400", description = "Seconds; default ${DEFAULT-VALUE}.")
    private long votingDelay;

    @Option(names = "--voting-period", defaultValue = "432000", description = "Seconds; default ${DEFAULT-VALUE}.")
    private long votingPeriod;

    @Option(
            names = "--proposal-threshold",
            description = "Token units that a proposer holds (default: a thousandth of the supply).")
    private @Nullable BigInteger proposalThreshold;

    @Option(
            names = "--wait",
            defaultValue = "300",
            description = "Seconds that each transaction is waited for; default ${DEFAULT-VALUE}.")
    private long waitSeconds;

    @Option(names = "--json", description = "One JSON object, and nothing else, on stdout.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        Deployer.Waiting waiting = new Deployer.Waiting(
                Math.toIntExact(Duration.ofSeconds(waitSeconds).dividedBy(LOOK)) + 1,
                () -> LockSupport.parkNanos(LOOK.toNanos()));
        try (Deployer deployer = Deployer.open(rpc, chainId, keystore, passwordFile, this::file, waiting)) {
            Deployment deployment = deployer.deploy(terms(deployer));
            say(json ? described(deployer, deployment) : table(deployer, deployment));
            return 0;
        } catch (DeploymentRefused refused) {
            String why = String.valueOf(refused.getMessage());
            spec.commandLine().getErr().println(why);
            if (json) {
                say(new JsonMapper().writeValueAsString(Map.of("deployed", false, "why", why)));
            }
            return switch (refused.kind()) {
                case DIFFERS -> 1;
                case MISUSE -> 2;
                case OUTSIDE -> 3;
            };
        }
    }

    private Path file(long chain) {
        String data = System.getenv().getOrDefault("SLUICE_DATA", "data");
        return out != null ? out : Path.of(data).resolve("deployment-" + chain + ".json");
    }

    private DeploymentTerms terms(Deployer deployer) {
        boolean test = deployer.chainId() == Deployer.TEST_CHAIN;
        Map<Role, String> named = new EnumMap<>(roles);
        if (test) {
            for (Role role : Role.values()) {
                named.putIfAbsent(role, deployer.address());
            }
        } else {
            requireAll(deployer.chainId());
        }
        BigInteger units = supply == null ? TEST_SUPPLY : supply;
        return new DeploymentTerms(
                named,
                tokenName == null ? "Test royalty" : tokenName,
                tokenSymbol == null ? "TROY" : tokenSymbol,
                units,
                activationDelay,
                heartbeatLimit,
                recoveryDelay,
                timelockDelay,
                votingDelay,
                votingPeriod,
                proposalThreshold == null ? units.divide(PER_MILLE) : proposalThreshold);
    }

    /** Where money is real nobody holds a role by default. */
    private void requireAll(long chain) {
        List<String> missing = new ArrayList<>();
        for (Role role : Role.values()) {
            if (!roles.containsKey(role)) {
                missing.add("--role " + role + "=…");
            }
        }
        Map<String, Boolean> told = new LinkedHashMap<>();
        told.put("--token-name", tokenName != null);
        told.put("--token-symbol", tokenSymbol != null);
        told.put("--supply", supply != null);
        told.forEach((option, given) -> {
            if (!given) {
                missing.add(option);
            }
        });
        if (!missing.isEmpty()) {
            throw new DeploymentRefused(
                    DeploymentRefused.Kind.MISUSE,
                    "Chain " + chain + " is not a test chain (" + Deployer.TEST_CHAIN + "): give "
                            + String.join(", ", missing));
        }
        for (List<Role> pair : DIFFERENT) {
            String account = String.valueOf(roles.get(pair.getFirst()));
            if (account.equalsIgnoreCase(roles.get(pair.getLast()))) {
                throw new DeploymentRefused(
                        DeploymentRefused.Kind.MISUSE,
                        pair.getFirst() + " and " + pair.getLast() + " check each other and cannot both be " + account);
            }
        }
    }

    private void say(String text) {
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
    }

    private String described(Deployer deployer, Deployment deployment) {
        Map<String, Object> contracts = new LinkedHashMap<>();
        for (Deployment.Step step : deployment.steps()) {
            String codeHash = step.codeHash();
            if (codeHash != null) {
                Map<String, String> contract = new LinkedHashMap<>();
                contract.put("address", step.address());
                contract.put("codeHash", codeHash);
                contract.put("transaction", step.transaction());
                contracts.put(step.name(), contract);
            }
        }
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("deployed", true);
        told.put("chainId", deployment.chainId());
        told.put("deployer", deployment.deployer());
        told.put("file", file(deployment.chainId()).toAbsolutePath().toString());
        told.put("sent", deployer.sent());
        told.put("contracts", contracts);
        return new JsonMapper().writeValueAsString(told);
    }

    private String table(Deployer deployer, Deployment deployment) {
        return deployment.steps().stream()
                .filter(step -> step.codeHash() != null)
                .map(step -> String.format(Locale.ROOT, "%-20s %s", step.name(), step.address()))
                .collect(Collectors.joining(
                        System.lineSeparator(),
                        "",
                        System.lineSeparator() + deployer.sent() + " transactions sent; written to "
                                + file(deployment.chainId()).toAbsolutePath()));
    }
}
