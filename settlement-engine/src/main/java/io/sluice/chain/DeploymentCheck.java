package io.sluice.chain;

import java.nio.file.Path;

/**
 * Whether the chain holds, in a block that will not be replaced, the code that a deployment's file says, and the settings its addresses:
 * run once, before the engine does anything.
 */
final class DeploymentCheck {

    private DeploymentCheck() {}

    /** The deployment in the file. Throws {@link ChainMisconfigured} with what was found and expected. */
    static Deployment require(Node node, ChainSettings settings, Path file) {
        Deployment deployment;
        try {
            deployment = Deployment.read(file);
        } catch (RuntimeException e) {
            throw new ChainMisconfigured("sluice.chain.deployment: " + e.getMessage());
        }
        if (deployment.chainId() != settings.id()) {
            throw new ChainMisconfigured(
                    file + " is of chain " + deployment.chainId() + ", sluice.chain.id says " + settings.id());
        }
        node.block(0)
                .map(Node.Block::hash)
                .filter(found -> !found.equals(deployment.genesis()))
                .ifPresent(found -> {
                    throw new ChainMisconfigured(file + " is of another chain with id " + settings.id()
                            + ": its genesis is " + deployment.genesis() + ", the node's is " + found);
                });
        long finalized = node.finalized()
                .map(Node.Block::number)
                .orElseGet(() -> Math.max(0, node.latest().number() - settings.fallbackDepth()));
        for (Deployment.Step step : deployment.steps()) {
            Long block = step.block();
            if (block == null) {
                throw new ChainMisconfigured(
                        file + " is not finished: " + step.name() + " is not known to be in a block; deploy again");
            }
            if (block > finalized) {
                throw new ChainMisconfigured(file + " is not final yet: " + step.name() + " is in block " + block
                        + ", final are those up to " + finalized);
            }
            String expected = step.codeHash();
            if (expected != null) {
                require(node, finalized, step, expected);
            }
        }
        for (String name : DeploymentPlan.STEPS) {
            if (deployment.step(name).isEmpty()) {
                throw new ChainMisconfigured(
                        file + " is not finished: \"" + name + "\" is missing; run ./sluice chain deploy again");
            }
        }
        requireSame("distributor", settings.distributor(), deployment, "RoyaltyDistributor", file);
        requireSame("rule-registry", settings.ruleRegistry(), deployment, "RoutingRuleRegistry", file);
        return deployment;
    }

    private static void requireSame(String setting, String found, Deployment deployment, String contract, Path file) {
        if (!found.equals(deployment.address(contract))) {
            throw new ChainMisconfigured("sluice.chain." + setting + " says " + found + ", expected "
                    + deployment.address(contract) + ", the " + contract + " of " + file);
        }
    }

    private static void require(Node node, long finalized, Deployment.Step step, String expected) {
        String code = node.code(step.address(), Node.at(finalized));
        String found = Hex.keccak(Hex.bytes(code));
        if (!found.equals(expected)) {
            throw new ChainMisconfigured(step.name() + " at " + step.address() + " has at the finalized block "
                    + finalized + (code.length() == 2 ? " no code" : " the code hash " + found) + ", expected "
                    + expected);
        }
    }
}
