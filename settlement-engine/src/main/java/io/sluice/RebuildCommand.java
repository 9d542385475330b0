package io.sluice;

import io.sluice.platform.Rebuild;
import io.sluice.platform.Rebuild.Model;
import io.sluice.sandbox.SandboxFailure;
import io.sluice.sandbox.SandboxPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import org.springframework.dao.DataAccessException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./sluice rebuild}: exit 0 when it is done, 1 when {@code --verify} found a difference, 3 when it cannot be done. */
@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        description = {
            "Make every read model anew from the events, put the new rows in the place of the old ones, and print MODEL ROWS SHA256 of each."
                    + " All of them or, when anything goes wrong, none. No engine may run meanwhile.",
            "Works on the database of SLUICE_DB_URL with SLUICE_DB_MIGRATOR_USER and SLUICE_DB_MIGRATOR_PASSWORD; without them, on the"
                    + " books of a demo that has ended."
        })
final class RebuildCommand implements Callable<Integer> {

    private static final Duration TOLD_EVERY = Duration.ofSeconds(2);

    @Option(names = "--data", description = "The demo's data folder (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data/demo");

    @Option(names = "--verify", description = "Only compare: change nothing.")
    private boolean verify;

    @Option(names = "--json", description = "One JSON object, and nothing else, on stdout.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        System.setProperty("logback.configurationFile", "offline/logback.xml"); // read when the first library logs
        PrintWriter err = spec.commandLine().getErr();
        List<Model> models;
        try {
            models = rebuild(System.getenv());
        } catch (Rebuild.Refused | DemoParts.NotStarted | SandboxFailure | IllegalStateException cannot) {
            err.println(cannot.getMessage());
            return 3;
        } catch (DataAccessException | IOException failed) {
            err.println("The books cannot be rebuilt, and are as they were: " + failed.getMessage());
            return 3;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(asJson(models));
        } else {
            models.forEach(model -> out.println(model.name() + " " + model.rows() + " " + model.sha256()));
            models.forEach(model -> tell(err, model));
        }
        out.flush();
        return verify && models.stream().anyMatch(model -> !model.same()) ? 1 : 0;
    }

    private List<Model> rebuild(Map<String, String> environment) throws IOException {
        String url = environment.get("SLUICE_DB_URL");
        if (url != null) {
            String user = environment.get("SLUICE_DB_MIGRATOR_USER");
            String password = environment.get("SLUICE_DB_MIGRATOR_PASSWORD");
            if (user == null || password == null) {
                throw new IllegalStateException(
                        "SLUICE_DB_MIGRATOR_USER and SLUICE_DB_MIGRATOR_PASSWORD name the owner of"
                                + " the schema, who alone may replace a read model.");
            }
            return Rebuild.run(url, user, password, !verify, progress());
        }
        Path dir = data.toAbsolutePath().normalize();
        if (!Files.exists(dir.resolve("postgres.complete"))) {
            throw new IllegalStateException("There are no books in " + dir
                    + ": name a demo's folder with --data, or the database by SLUICE_DB_URL.");
        }
        if (SandboxPostgres.runsOn(dir)) {
            throw new IllegalStateException("Something runs on the books in " + dir
                    + ": end it first. (What is left of a killed demo" + " ends by itself within half a minute.)");
        }
        try (var lock = DemoLock.on(dir);
                var postgres = SandboxPostgres.start(dir)) {
            return Rebuild.run(
                    postgres.jdbcUrl("sluice"),
                    SandboxPostgres.MIGRATOR,
                    postgres.password(SandboxPostgres.MIGRATOR),
                    !verify,
                    progress());
        }
    }

    private LongConsumer progress() {
        long[] told = {System.nanoTime()};
        return events -> {
            if (System.nanoTime() - told[0] > TOLD_EVERY.toNanos()) {
                told[0] = System.nanoTime();
                spec.commandLine().getErr().println(String.format("%,d events", events));
            }
        };
    }

    private void tell(PrintWriter err, Model model) {
        if (model.behind() > 0) {
            err.println(model.name() + (verify ? " is " : " was ") + model.behind() + " events behind");
        }
        if (!model.same()) {
            err.println(model.name() + (verify ? " differs" : " differed")
                    + " from what the events that it had handled make of it");
        }
        model.differences().forEach(row -> err.println("  " + row));
    }

    private static String asJson(List<Model> models) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("same", models.stream().allMatch(Model::same));
        told.put(
                "models",
                models.stream()
                        .map(model -> {
                            Map<String, Object> one = new LinkedHashMap<>();
                            one.put("model", model.name());
                            one.put("events", model.events());
                            one.put("rows", model.rows());
                            one.put("sha256", model.sha256());
                            one.put("same", model.same());
                            one.put("behind", model.behind());
                            one.put("differences", model.differences());
                            return one;
                        })
                        .toList());
        return new JsonMapper().writeValueAsString(told);
    }
}
