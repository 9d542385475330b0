package io.sluice;

import io.sluice.bench.BenchCommand;
import io.sluice.chain.ChainCommand;
import io.sluice.collection.CamtCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands. Offline tools start no Spring. Exit codes: 0 yes, 1 the answer is no, 2 misuse, 3 the outside failed. */
@Command(
        name = "sluice",
        description = "Payment routing and royalty settlement.",
        mixinStandardHelpOptions = true,
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            SandboxCommand.class,
            TokenCommand.class,
            ChainCommand.class,
            CamtCommand.class,
            RuleCommand.class,
            SimulateCommand.class,
            VerifyEventsCommand.class,
            RebuildCommand.class,
            BenchCommand.class
        })
public final class Sluice implements Runnable {

    @CommandLine.Spec
    private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

    private Sluice() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Sluice())
                .setExecutionExceptionHandler((e, command, result) -> {
                    command.getErr().println(e.getMessage() == null ? e.toString() : e.getMessage());
                    return 3;
                })
                .execute(args));
    }

    @Override
    public void run() {
        java.util.Objects.requireNonNull(spec).commandLine().usage(System.out);
    }
}
