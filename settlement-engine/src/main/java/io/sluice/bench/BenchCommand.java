package io.sluice.bench;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Figures, each beside its floor of the same run ({@code docs/benchmarks.md}). */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures the engine beside the limits of this machine.",
        subcommands = {
            W1Command.class,
            W3Command.class,
            W4Command.class,
            W5Command.class,
            W6Command.class,
            CamtRead.class,
            EngineUnderTest.class,
            BareIntake.class
        })
public final class BenchCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandLine commands = Objects.requireNonNull(spec).commandLine();
        commands.usage(commands.getOut());
    }
}
