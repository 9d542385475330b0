package io.sluice.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Finds and ends processes that this sandbox, or an earlier one on the same folder, has started. */
final class Processes {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    private Processes() {}

    /** The live process named by the first line of a pid file, if its command is the one expected; a recycled pid is not it. */
    static Optional<ProcessHandle> fromPidFile(Path pidFile, String command) {
        try {
            if (!Files.exists(pidFile)) {
                return Optional.empty();
            }
            long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(handle -> handle.info()
                            .command()
                            .map(path -> Path.of(path).getFileName().toString().startsWith(command))
                            .orElse(false));
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    /** Sends a signal by name ("INT", "QUIT"), which the JDK cannot. */
    static void signal(ProcessHandle process, String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the process ended in that time; one that only waits for its parent to collect it has. */
    static boolean ended(ProcessHandle process, Duration within) {
        long until = System.nanoTime() + within.toNanos();
        while (isRunning(process)) {
            if (System.nanoTime() > until) {
                return false;
            }
            try {
                Thread.sleep(BETWEEN_LOOKS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return !isRunning(process);
            }
        }
        return true;
    }

    /** The parent of a server that left its starter may look for ended children each second only; on Linux its state is told before. */
    private static boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return !stat.substring(stat.lastIndexOf(')') + 1).startsWith(" Z");
        } catch (IOException | RuntimeException notLinux) {
            return process.isAlive();
        }
    }
}
