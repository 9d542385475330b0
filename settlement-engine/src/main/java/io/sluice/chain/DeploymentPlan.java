package io.sluice.chain;

import io.sluice.chain.DeploymentTerms.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Which contracts are put in place, in which order, and what each is told: the order is the one of the contracts' README, since each
 * names those before it.
 */
final class DeploymentPlan {

    static final String TIMELOCK = "DaoTimelock";

    private static final String NOBODY = "0x" + "0".repeat(40);
    private static final String ADMIN = "0x" + "0".repeat(64);

    private DeploymentPlan() {}

    /** One transaction. What it says may name contracts of earlier steps. */
    sealed interface Step {

        String name();
    }

    record Create(String name, Function<Deployment, List<Object>> arguments) implements Step {}

    record Call(String name, String contract, Function<Deployment, ContractCall> call) implements Step {}

    /** The names of all steps, in order: what a finished deployment has. */
    static final List<String> STEPS = List.of(
            TIMELOCK,
            "PolicyGuard",
            "RoutingRuleRegistry",
            "StoreRegistry",
            "RoyaltyDistributor",
            "PayeeBook",
            "RoyaltyToken",
            "RoyaltyLocks",
            "HoldersDao",
            "the DAO proposes",
            "the DAO cancels",
            "the guardian cancels",
            "the deployer steps back");

    static List<Step> of(DeploymentTerms terms, String deployer) {
        List<Step> steps = new ArrayList<>(contracts(terms, deployer));
        steps.add(grant("the DAO proposes", "PROPOSER_ROLE", done -> done.address("HoldersDao")));
        steps.add(grant("the DAO cancels", "CANCELLER_ROLE", done -> done.address("HoldersDao")));
        steps.add(grant("the guardian cancels", "CANCELLER_ROLE", done -> terms.who(Role.GUARDIAN)));
        steps.add(new Call("the deployer steps back", TIMELOCK, done -> new DaoTimelock.RenounceRole(ADMIN, deployer)));
        return steps;
    }

    private static List<Step> contracts(DeploymentTerms terms, String deployer) {
        return List.of(
                new Create(TIMELOCK, done -> List.of(terms.timelockDelay(), List.of(), List.of(NOBODY), deployer)),
                new Create(
                        "PolicyGuard",
                        done -> List.of(
                                done.address(TIMELOCK),
                                terms.who(Role.GUARDIAN),
                                terms.who(Role.POLICY),
                                terms.who(Role.MONITOR),
                                terms.who(Role.OPERATOR),
                                terms.activationDelay(),
                                terms.heartbeatLimit())),
                new Create(
                        "RoutingRuleRegistry",
                        done -> List.of(done.address(TIMELOCK), terms.who(Role.RULE_ADMIN), terms.who(Role.SEALER))),
                new Create(
                        "StoreRegistry",
                        done -> List.of(
                                done.address(TIMELOCK), terms.who(Role.REGISTRAR), done.address("PolicyGuard"))),
                new Create(
                        "RoyaltyDistributor",
                        done -> List.of(
                                done.address(TIMELOCK),
                                terms.who(Role.OPERATOR),
                                terms.who(Role.COMPLIANCE),
                                done.address("PolicyGuard"),
                                done.address("RoutingRuleRegistry"))),
                new Create("PayeeBook", done -> List.of()),
                new Create(
                        "RoyaltyToken",
                        done -> List.of(
                                terms.tokenName(),
                                terms.tokenSymbol(),
                                terms.supply(),
                                terms.who(Role.ISSUER),
                                done.address(TIMELOCK),
                                terms.who(Role.COMPLIANCE),
                                terms.who(Role.TRUSTEE),
                                terms.recoveryDelay())),
                new Create(
                        "RoyaltyLocks",
                        done -> List.of(
                                done.address("RoyaltyToken"), done.address(TIMELOCK), terms.who(Role.ATTESTOR))),
                new Create(
                        "HoldersDao",
                        done -> List.of(
                                done.address("RoyaltyToken"),
                                done.address(TIMELOCK),
                                done.address("StoreRegistry"),
                                done.address("PolicyGuard"),
                                terms.votingDelay(),
                                terms.votingPeriod(),
                                terms.proposalThreshold())));
    }

    private static Call grant(String name, String role, Function<Deployment, String> account) {
        String id = Hex.keccak(role.getBytes(StandardCharsets.UTF_8));
        return new Call(name, TIMELOCK, done -> new DaoTimelock.GrantRole(id, account.apply(done)));
    }
}
