package io.sluice;

import io.sluice.chain.Keystore;
import io.sluice.sandbox.Sandbox;
import io.sluice.sandbox.SandboxOptions;
import io.sluice.sandbox.SandboxPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/** The engine as {@code serve} runs it, against a sandbox on free ports. */
public final class TestEngine implements AutoCloseable {

    private final Sandbox sandbox;
    private final ConfigurableApplicationContext engine;

    private TestEngine(Sandbox sandbox, ConfigurableApplicationContext engine) {
        this.sandbox = sandbox;
        this.engine = engine;
    }

    /** @param users name and role, such as {@code approver=APPROVER}; everybody's password is {@code secret} */
    public static TestEngine start(Path dir, String... users) {
        return start(dir, List.of(), users);
    }

    /** @param further settings such as {@code --sluice.security.open-overview=true} */
    public static TestEngine start(Path dir, List<String> further, String... users) {
        Sandbox sandbox = sandbox(dir);
        try {
            List<String> settings = settings(sandbox, dir, users);
            settings.addAll(further);
            if (further.stream().noneMatch(setting -> setting.startsWith("--sluice.rule.anchoring="))) {
                settings.add("--sluice.rule.anchoring=off");
            }
            return new TestEngine(sandbox, Engine.start(settings.toArray(String[]::new)));
        } catch (RuntimeException e) {
            sandbox.close();
            throw e;
        }
    }

    /** An empty outside world, with the contracts for the operator whose key {@link #settings} names. */
    public static Sandbox sandbox(Path dir) {
        String operator = Keystore.createIfMissing(dir.resolve("keystore"), dir.resolve("keystore.password"));
        return Sandbox.start(SandboxOptions.empty(dir.resolve("sandbox")).withOperator(operator));
    }

    /** What an engine is told, as {@code --name=value}, to run on that sandbox; a later setting of a name counts. */
    public static List<String> settings(Sandbox sandbox, Path dir, String... users) {
        StringBuilder lines = new StringBuilder();
        for (String user : users) {
            String[] parts = user.split("=");
            lines.append(parts[0])
                    .append('=')
                    .append(new BCryptPasswordEncoder(4).encode("secret"))
                    .append('|')
                    .append(parts[1])
                    .append('\n');
        }
        Path usersFile = dir.resolve("users");
        try {
            Files.writeString(usersFile, lines.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    public <T> T bean(Class<T> type) {
        return engine.getBean(type);
    }

    public ConfigurableApplicationContext context() {
        return engine;
    }

    public String address() {
        return "http://127.0.0.1:" + engine.getEnvironment().getRequiredProperty("local.server.port");
    }

    @Override
    public void close() {
        try {
            engine.close();
        } finally {
            sandbox.close();
        }
    }
}
