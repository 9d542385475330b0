package io.sluice;

import io.sluice.routing.RuleFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./sluice rule}: for those who write routing rules. */
@Command(
        name = "rule",
        mixinStandardHelpOptions = true,
        description = "For those who write routing rules.",
        subcommands = {RuleCommand.Check.class, RuleCommand.Schema.class})
final class RuleCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Exit 0 when the document could be drafted, 1 when something is wrong with it, 2 when the file cannot be read. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description =
                    "Say all that is wrong with a rule document, or the hash that it would be known by. Starts no engine.")
    static final class Check implements Callable<Integer> {

        @Parameters(paramLabel = "FILE", description = "The document, JSON.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private Path file;

        @Option(names = "--json", description = "One JSON object, and nothing else, on stdout.")
        private boolean json;

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        @Override
        public Integer call() {
            RuleFile checked;
            try {
                checked = RuleFile.check(Files.readAllBytes(file));
            } catch (IOException unread) {
                spec.commandLine().getErr().println(file + " cannot be read: " + unread.getMessage());
                return 2;
            }
            var out = spec.commandLine().getOut();
            if (json) {
                Map<String, Object> told = new LinkedHashMap<>();
                told.put("valid", checked.valid());
                told.put("hash", checked.hash());
                told.put("findings", checked.findings());
                out.println(new JsonMapper().writeValueAsString(told));
            } else if (checked.valid()) {
                out.println(file + " is valid: " + checked.hash());
            } else {
                checked.findings().forEach(out::println);
            }
            out.flush();
            return checked.valid() ? 0 : 1;
        }
    }

    /** Exit 0. */
    @Command(name = "schema", mixinStandardHelpOptions = true, description = "Print the JSON schema of rule documents.")
    static final class Schema implements Callable<Integer> {

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private CommandSpec spec;

        @Override
        public Integer call() {
            spec.commandLine().getOut().print(RuleFile.schema());
            spec.commandLine().getOut().flush();
            return 0;
        }
    }
}
