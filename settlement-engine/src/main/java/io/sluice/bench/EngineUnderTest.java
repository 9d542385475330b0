package io.sluice.bench;

import io.sluice.Engine;
import io.sluice.collection.InboxReader;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;

/** The engine as {@code serve} runs it, except that its inbox can be left unread for a while, to time accepting and reading apart. */
@Command(name = "engine", hidden = true)
final class EngineUnderTest implements Callable<Integer> {

    @Override
    public Integer call() throws IOException {
        try (ConfigurableApplicationContext engine = Engine.start()) {
            InboxReader reader = engine.getBean(InboxReader.class);
            Contestant.obey(
                    Integer.parseInt(engine.getEnvironment().getRequiredProperty("local.server.port")), order -> {
                        switch (order) {
                            case "hold" -> reader.stop();
                            case "read" -> reader.start();
                            default -> throw new IllegalArgumentException(order);
                        }
                    });
        }
        return 0;
    }
}
