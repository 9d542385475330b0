package io.sluice;

import io.sluice.bench.OutsideWorld;
import io.sluice.sandbox.Sandbox;
import java.nio.file.Path;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;

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
        Sandbox sandbox = OutsideWorld.start(dir);
        try {
            List<String> settings = OutsideWorld.settings(sandbox, dir, users);
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
            TestBrowser.leave(this);
            engine.close();
        } finally {
            sandbox.close();
        }
    }
}
