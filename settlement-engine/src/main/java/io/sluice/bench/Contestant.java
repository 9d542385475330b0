package io.sluice.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A server that is measured, in a process of its own: it is told things on its standard input and says on standard output, after an
 * {@code @}, that it has done them. It ends when its input does.
 */
final class Contestant implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final int LINES_TOLD = 20;

    private final Process process;
    private final PrintStream orders;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final List<String> last = new CopyOnWriteArrayList<>();
    private final URI address;

    private Contestant(Process process, Path log) throws InterruptedException {
        this.process = process;
        this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread.ofPlatform().name("listener").daemon().start(() -> listen(log));
        this.address = URI.create("http://127.0.0.1:" + awaitSaying());
    }

    /** Returns when it serves. */
    static Contestant start(String subcommand, Map<String, String> environment, Path log)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                Child.java(List.of("-Xmx1g"), List.of("bench", subcommand)).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new Contestant(builder.start(), log);
    }

    URI address() {
        return address;
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /** Returns when it is done. */
    void tell(String order) throws InterruptedException {
        orders.println(order);
        awaitSaying();
    }

    private String awaitSaying() throws InterruptedException {
        String answer = said.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (answer == null || answer.isEmpty()) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    "A measured process has ended or does not answer: " + String.join("\n", last));
        }
        return answer;
    }

    private void listen(Path log) {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
                PrintStream copy = new PrintStream(Files.newOutputStream(log), true, StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("@")) {
                    said.add(line.substring(1));
                } else {
                    copy.println(line);
                    last.add(line);
                    if (last.size() > LINES_TOLD) {
                        last.remove(0);
                    }
                }
            }
        } catch (IOException e) {
            // It has ended.
        }
        said.add("");
    }

    @Override
    public void close() throws InterruptedException {
        orders.close();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    /** The other end: does what each line on standard input orders, until there is no more. */
    static void obey(int port, java.util.function.Consumer<String> orders) throws IOException {
        System.out.println("@" + port);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = in.readLine(); order != null; order = in.readLine()) {
            orders.accept(order);
            System.out.println("@" + order);
        }
    }
}
