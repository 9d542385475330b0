package io.sluice.bench;

import io.sluice.chain.Keystore;
import io.sluice.sandbox.Sandbox;
import io.sluice.sandbox.SandboxOptions;
import io.sluice.sandbox.SandboxPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** An empty sandbox, and the settings by which {@code serve} runs on it. */
public final class OutsideWorld {

    private OutsideWorld() {}

    /** With the contracts for the operator whose key {@link #settings} names. */
    public static Sandbox start(Path dir) {
        String operator = Keystore.createIfMissing(dir.resolve("keystore"), dir.resolve("keystore.password"));
        return Sandbox.start(SandboxOptions.empty(dir.resolve("sandbox")).withOperator(operator));
    }

    /**
     * As {@code --name=value}; a later setting of a name counts.
     *
     * @param users name and role, such as {@code approver=APPROVER}; everybody's password is {@code secret}
     */
    public static List<String> settings(Sandbox sandbox, Path dir, String... users) {
        Path usersFile = dir.resolve("users");
        writeUsers(usersFile, users);
        SandboxPostgres postgres = sandbox.postgres();
        List<String> settings = new ArrayList<>(List.of(
                "--sluice.port=0",
                "--sluice.db.url=" + postgres.jdbcUrl("sluice"),
                "--sluice.db.password=" + postgres.password(SandboxPostgres.APP),
                "--sluice.db.migrator-password=" + postgres.password(SandboxPostgres.MIGRATOR),
                "--sluice.chain.rpc=" + sandbox.rpcUrl(),
                "--sluice.chain.id=31337",
                "--sluice.chain.keystore=" + dir.resolve("keystore"),
                "--sluice.chain.keystore-password-file=" + dir.resolve("keystore.password"),
                "--sluice.chain.distributor=" + sandbox.distributor(),
                "--sluice.chain.rule-registry=" + sandbox.ruleRegistry(),
                "--sluice.bank.meridian.url=" + sandbox.bankUrl(),
                "--sluice.bank.meridian.keys=" + sandbox.bankKeys(),
                "--sluice.clock.business-url=" + sandbox.controlUrl().resolve("/sandbox/clock"),
                "--sluice.intake=" + dir.resolve("intake"),
                "--sluice.security.users=" + usersFile,
                "--sluice.cookies.secure=false"));
        sandbox.tokens().forEach((currency, token) -> settings.add("--sluice.chain.tokens." + currency + "=" + token));
        return settings;
    }

    /** The same settings as a process reads them from its environment. */
    static Map<String, String> environment(List<String> settings) {
        Map<String, String> environment = new HashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            environment.put(
                    setting.substring(2, equals)
                            .replace('.', '_')
                            .replace('-', '_')
                            .toUpperCase(Locale.ROOT),
                    setting.substring(equals + 1));
        }
        return environment;
    }

    private static void writeUsers(Path file, String... users) {
        StringBuilder lines = new StringBuilder();
        for (String user : users) {
            String[] parts = user.split("=", -1);
            lines.append(parts[0])
                    .append('=')
                    .append(new BCryptPasswordEncoder(4).encode("secret"))
                    .append('|')
                    .append(parts[1])
                    .append('\n');
        }
        try {
            Files.writeString(file, lines.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
