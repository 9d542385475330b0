package io.sluice.chain;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What is done with the chain from outside the engine. */
@Command(
        name = "chain",
        mixinStandardHelpOptions = true,
        description = "Put the contracts on a chain.",
        subcommands = ChainDeployCommand.class)
public final class ChainCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
