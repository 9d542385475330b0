package io.sluice.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A local Ethereum chain on a free port, whose blocks are kept in {@code dir/anvil} over restarts, a kill -9 included, up to the
 * last second.
 *
 * <p>It mines a block each half second while something is in flight (a waiting transaction, or a transaction whose block is not
 * final yet), else one each ten seconds; block timestamps follow the business clock and never go back. {@code finalized} is two
 * blocks behind {@code latest}, and a transaction may take no more than 2^24 gas (EIP-7825).
 */
public final class Anvil implements AutoCloseable {

    public static final long CHAIN_ID = 31337;

    private static final Pattern LISTENING = Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+)");
    private static final Duration STARTUP = Duration.ofSeconds(30);
    private static final Duration ORDERLY_STOP = Duration.ofSeconds(20);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final int IDLE_TICKS = 20;
    private static final int COPY_TICKS = 60;
    private static final long LOG_BYTES = 4L << 20;

    private final Process process;
    private final Path folder;
    private final URI url;
    private final JsonRpc node;
    private final Clock business;
    private final Thread miner;
    private volatile boolean stopping;

    private Anvil(Process process, Path folder, URI url, Clock business) {
        this.process = process;
        this.folder = folder;
        this.url = url;
        this.business = business;
        this.node = new JsonRpc(url);
        this.miner = Thread.ofPlatform().name("anvil-miner").daemon().unstarted(this::mineOnAndOn);
    }

    /** A chain whose block timestamps are the wall clock's. */
    public static Anvil start(Path dir) {
        return start(dir, Clock.systemUTC());
    }

    /** A chain whose block timestamps are {@code business}. Throws {@link SandboxFailure} when it does not come up. */
    public static Anvil start(Path dir, Clock business) {
        Path executable = AnvilTool.executable();
        Path folder = dir.toAbsolutePath().resolve("anvil");
        try {
            Files.createDirectories(folder);
            stopLeftover(folder);
            Path state = usableState(folder);
            Path log = folder.resolve("anvil.log");
            Files.deleteIfExists(log);
            Process process = new ProcessBuilder(command(executable, state, business))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            Files.writeString(folder.resolve("anvil.pid"), process.pid() + "\n");
            try {
                Anvil anvil =
                        new Anvil(process, folder, URI.create("http://127.0.0.1:" + port(process, log)), business);
                anvil.miner.start();
                return anvil;
            } catch (IOException | RuntimeException e) {
                process.destroyForcibly();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The chain's folder " + folder + " cannot be used", e);
        }
    }

    public URI rpcUrl() {
        return url;
    }

    /** Mines that many blocks now, beside the ones that come by themselves. */
    public void mine(int blocks) {
        try {
            for (int i = 0; i < blocks; i++) {
                mineOne();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    JsonRpc node() {
        return node;
    }

    /** Ends the chain after it has written its state. */
    @Override
    public void close() {
        stopping = true;
        miner.interrupt();
        process.destroy();
        if (!Processes.ended(process.toHandle(), ORDERLY_STOP)) {
            process.destroyForcibly();
            Processes.ended(process.toHandle(), ORDERLY_STOP);
        }
        try {
            keepGoodState(folder);
            Files.deleteIfExists(folder.resolve("anvil.pid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(Path executable, Path state, Clock business) {
        List<String> command = new ArrayList<>(List.of(
                executable.toString(),
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--slots-in-an-epoch",
                "1",
                "--enable-tx-gas-limit",
                "--state",
                state.toString(),
                "--state-interval",
                "1",
                "--no-mining"));
        // Over a restart too: else it takes no block before the wall clock's time, and business time may be earlier.
        command.addAll(List.of("--timestamp", Long.toString(business.instant().getEpochSecond() - 1)));
        return command;
    }

    private static int port(Process process, Path log) throws IOException {
        long deadline = System.nanoTime() + STARTUP.toNanos();
        while (System.nanoTime() < deadline) {
            String said = Files.exists(log) ? Files.readString(log) : "";
            Matcher listening = LISTENING.matcher(said);
            if (listening.find()) {
                return Integer.parseInt(listening.group(1));
            }
            if (!process.isAlive()) {
                break;
            }
            pause(Duration.ofMillis(20));
        }
        throw new SandboxFailure("The local chain (anvil) did not start; see " + log + ".");
    }

    private void mineOnAndOn() {
        int idle = 0;
        int ticks = 0;
        while (!stopping) {
            try {
                pause(TICK);
                if (somethingInFlight() || ++idle >= IDLE_TICKS) {
                    mineOne();
                    idle = 0;
                }
                if (++ticks % COPY_TICKS == 0) {
                    keepGoodState(folder);
                    shorten(folder.resolve("anvil.log"));
                }
            } catch (IOException | RuntimeException e) {
                if (!process.isAlive()) {
                    return;
                }
            }
        }
    }

    private long lastBlockWithTransactions = -1;

    private boolean somethingInFlight() throws IOException {
        if (JsonRpc.quantity(node.call("txpool_status").path("pending")) > 0) {
            return true;
        }
        JsonNode latest = node.call("eth_getBlockByNumber", "latest", false);
        long number = JsonRpc.quantity(latest.path("number"));
        if (lastBlockWithTransactions < 0) { // after a start: as if the newest block had some
            lastBlockWithTransactions = number;
        }
        if (!latest.path("transactions").isEmpty()) {
            lastBlockWithTransactions = number;
        }
        return number < lastBlockWithTransactions + 3;
    }

    /** One block at the business time, or a second after the block before. */
    private synchronized void mineOne() throws IOException {
        long before = JsonRpc.quantity(
                node.call("eth_getBlockByNumber", "latest", false).path("timestamp"));
        long now = Math.max(before + 1, business.instant().getEpochSecond());
        node.call("evm_mine", java.util.Map.of("timestamp", now));
    }

    private static void stopLeftover(Path folder) throws IOException {
        Path pid = folder.resolve("anvil.pid");
        Optional<ProcessHandle> leftover = Processes.fromPidFile(pid, "anvil");
        leftover.ifPresent(process -> {
            process.destroy();
            if (!Processes.ended(process, ORDERLY_STOP)) {
                process.destroyForcibly();
                Processes.ended(process, ORDERLY_STOP);
            }
        });
        Files.deleteIfExists(pid);
    }

    /** The state file; a half-written one (kill -9 while it was dumped) is replaced by the last good copy. */
    private static Path usableState(Path folder) throws IOException {
        Path state = folder.resolve("state.json");
        Path good = folder.resolve("state.good.json");
        if (Files.exists(state) && !complete(state)) {
            if (Files.exists(good)) {
                Files.copy(good, state, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.delete(state);
            }
        }
        return state;
    }

    private static void keepGoodState(Path folder) throws IOException {
        Path state = folder.resolve("state.json");
        if (!Files.exists(state)) {
            return;
        }
        Path copy = folder.resolve("state.copy.json");
        Files.copy(state, copy, StandardCopyOption.REPLACE_EXISTING);
        if (complete(copy)) {
            Files.move(
                    copy,
                    folder.resolve("state.good.json"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static boolean complete(Path json) {
        try (var parser = Json.MAPPER.createParser(json)) {
            int depth = 0;
            boolean any = false;
            for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
                any = true;
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            }
            return any && depth == 0;
        } catch (RuntimeException cutOff) {
            return false;
        }
    }

    private static void shorten(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_BYTES) {
            try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
