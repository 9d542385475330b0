package io.sluice;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/** Runs the engine on a PostgreSQL, a chain and banks of your own; settings come from the environment (README lists them). */
@Command(name = "serve", description = "Run the engine on your own PostgreSQL, chain and banks.")
final class ServeCommand implements Callable<Integer> {

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        try (var engine = Engine.start()) {
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
