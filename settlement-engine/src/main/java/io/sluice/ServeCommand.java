package io.sluice;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/** Runs the engine on a PostgreSQL, a chain and banks of your own; settings come from the environment (README lists them). */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Run the engine on your own PostgreSQL, chain and banks.")
final class ServeCommand implements Callable<Integer> {

    static final String ANCHORING_IS_OFF =
            "SLUICE_RULE_ANCHORING cannot be off here: a rule divides money once the chain holds it.";

    private static final List<String> REQUIRED = List.of(
            "SLUICE_DB_URL",
            "SLUICE_DB_PASSWORD",
            "SLUICE_DB_MIGRATOR_PASSWORD",
            "SLUICE_CHAIN_RPC",
            "SLUICE_CHAIN_ID",
            "SLUICE_CHAIN_KEYSTORE",
            "SLUICE_CHAIN_KEYSTORE_PASSWORD_FILE",
            "SLUICE_CHAIN_DISTRIBUTOR",
            "SLUICE_CHAIN_RULE_REGISTRY",
            "SLUICE_SECURITY_USERS");

    /** Those that stand neither in the environment nor, by their property's name, among the system's properties. */
    static List<String> missing(Map<String, String> environment, Properties system) {
        return REQUIRED.stream()
                .filter(name -> environment.getOrDefault(name, "").isBlank()
                        && system.getProperty(name.toLowerCase(Locale.ROOT).replace('_', '.'), "")
                                .isBlank())
                .toList();
    }

    static boolean anchoringIsOff(Map<String, String> environment, Properties system) {
        return environment.getOrDefault("SLUICE_RULE_ANCHORING", "").equalsIgnoreCase("off")
                || system.getProperty("sluice.rule.anchoring", "").equalsIgnoreCase("off");
    }

    @Override
    public Integer call() throws InterruptedException {
        List<String> missing = missing(System.getenv(), System.getProperties());
        if (!missing.isEmpty()) {
            System.err.println("These settings are missing in the environment: " + String.join(", ", missing)
                    + ". The README lists what each is.");
            return 2;
        }
        if (anchoringIsOff(System.getenv(), System.getProperties())) {
            System.err.println(ANCHORING_IS_OFF);
            return 2;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        try (var engine = Engine.serve()) {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                engine.close();
                                stopped.countDown();
                            },
                            "drain"));
            stopped.await();
        }
        return 0;
    }
}
