package io.sluice.chain;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who may do what with the contracts, and their numbers. The admin of all is the DAO's timelock.
 *
 * @param activationDelay seconds before what the policy role announces takes effect
 * @param heartbeatLimit seconds without a sign of the operator after which anyone may push anchored batches
 * @param supply of the royalty token, in its smallest units
 * @param recoveryDelay seconds before a lost wallet's tokens move
 * @param timelockDelay seconds between a decision and its effect; at least 72 hours
 * @param votingDelay seconds between a proposal and its snapshot
 * @param votingPeriod seconds
 * @param proposalThreshold token units that a proposer holds
 */
public record DeploymentTerms(
        Map<Role, String> roles,
        String tokenName,
        String tokenSymbol,
        BigInteger supply,
        long activationDelay,
        long heartbeatLimit,
        long recoveryDelay,
        long timelockDelay,
        long votingDelay,
        long votingPeriod,
        BigInteger proposalThreshold) {

    public static final long SHORTEST_TIMELOCK = 259_200;

    /** Who is meant, in the words of the contracts. */
    public enum Role {
        GUARDIAN,
        POLICY,
        MONITOR,
        OPERATOR,
        RULE_ADMIN,
        SEALER,
        REGISTRAR,
        COMPLIANCE,
        TRUSTEE,
        ATTESTOR,
        ISSUER
    }

    public DeploymentTerms {
        SortedMap<Role, String> checked = new TreeMap<>();
        for (Role role : Role.values()) {
            String account = roles.get(role);
            if (account == null) {
                throw new DeploymentRefused(DeploymentRefused.Kind.MISUSE, "Nobody is named as " + role);
            }
            try {
                checked.put(role, Hex.address("The " + role, account));
            } catch (IllegalArgumentException noAddress) {
                throw new DeploymentRefused(DeploymentRefused.Kind.MISUSE, String.valueOf(noAddress.getMessage()));
            }
        }
        roles = Map.copyOf(checked);
        if (timelockDelay < SHORTEST_TIMELOCK) {
            throw new DeploymentRefused(
                    DeploymentRefused.Kind.MISUSE,
                    "The timelock's delay must be at least " + SHORTEST_TIMELOCK + " s, was " + timelockDelay);
        }
    }

    String who(Role role) {
        return Objects.requireNonNull(roles.get(role));
    }

    /** As they stand in the deployment's file. */
    Map<String, String> told() {
        Map<String, String> told = new LinkedHashMap<>();
        roles.forEach((role, account) -> told.put(role.name(), account));
        told.put("tokenName", tokenName);
        told.put("tokenSymbol", tokenSymbol);
        told.put("supply", supply.toString());
        told.put("activationDelay", Long.toString(activationDelay));
        told.put("heartbeatLimit", Long.toString(heartbeatLimit));
        told.put("recoveryDelay", Long.toString(recoveryDelay));
        told.put("timelockDelay", Long.toString(timelockDelay));
        told.put("votingDelay", Long.toString(votingDelay));
        told.put("votingPeriod", Long.toString(votingPeriod));
        told.put("proposalThreshold", proposalThreshold.toString());
        return told;
    }
}
