package io.sluice;

import io.sluice.sandbox.SandboxOptions;
import io.sluice.sandbox.SandboxProcess;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./sluice sandbox}: the demo's outside world alone, for an engine that {@code ./sluice serve} runs. */
@Command(
        name = "sandbox",
        mixinStandardHelpOptions = true,
        description =
                "Runs PostgreSQL, a local chain and a simulated bank, and prints where they are as one JSON line.")
final class SandboxCommand implements Callable<Integer> {

    @Option(names = "--data", description = "data folder (default: ${DEFAULT-VALUE})")
    private Path data = Path.of("data", "demo");

    @Option(names = "--keep", description = "live on when no engine sends heartbeats")
    private boolean keep;

    @Option(names = "--fresh", description = "forget the books in the data folder")
    private boolean fresh;

    @Option(
            names = "--operator",
            description = "address of the engine's chain operator, for whom the contracts are deployed")
    private @Nullable String operator;

    @Option(names = "--seed", description = "names the invented world (default: ${DEFAULT-VALUE})")
    private long seed = SandboxOptions.USUAL_SEED;

    @Option(names = "--holders", description = "holders of royalty tokens (default: ${DEFAULT-VALUE})")
    private int holders = 2_000;

    @Option(
            names = "--merchants-scale",
            description = "per cent of the usual number of sales (default: ${DEFAULT-VALUE})")
    private int merchantsScale = 100;

    @Option(names = "--day-seconds", description = "seconds that a business day takes (default: ${DEFAULT-VALUE})")
    private int daySeconds = 60;

    @Override
    public Integer call() {
        Path dir = data.toAbsolutePath().normalize();
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "sandbox/logback.xml");
        }
        System.setProperty("sluice.sandbox.log", dir.resolve("sandbox.log").toString());
        PrintStream out =
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err); // standard output is the ready line, and nothing else
        SandboxOptions options;
        try {
            options = new SandboxOptions(dir, operator, seed, holders, merchantsScale, daySeconds, true, false);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 2;
        }
        return SandboxProcess.run(options, keep, fresh, out);
    }
}
