package io.sluice.bank.fuzz;

import io.sluice.bank.BankEntry;
import io.sluice.bank.BankNotice;
import io.sluice.bank.UnreadableMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Currency;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives a reader changed messages for as long as it may take, and demands of each: read whole, or refused with a reason, at once, and the
 * same both times.
 *
 * <p>{@code -Dsluice.fuzz.millis=600000} gives every reader ten minutes instead of a second; {@code -Dsluice.fuzz.seed} other changes. A
 * finding is written to {@code target/fuzz} and belongs, once mended, into {@code src/test/resources/io/sluice/bank/fuzz}, named
 * {@code reader-what.bin}: those are replayed first.
 *
 * <p>A mutator of our own: Jazzer 0.30.0 resolves, but its JUnit part does not run on JUnit 6 and its native driver is not in the jar.
 */
public final class Fuzzing {

    private static final Duration SLOWEST = Duration.ofSeconds(5);
    private static final int LONGEST_TEXT = 70_000;

    private Fuzzing() {}

    /** How many messages were tried. */
    public static int run(String reader, List<byte[]> seeds, Function<byte[], ?> read) {
        for (byte[] seed : seeds) {
            attempt(reader, seed, read);
        }
        replay(reader, read);
        long until = System.nanoTime()
                + Duration.ofMillis(Long.getLong("sluice.fuzz.millis", 1_000)).toNanos();
        Mutator mutator = new Mutator(Long.getLong("sluice.fuzz.seed", 20_261_122L), seeds);
        int tried = 0;
        while (System.nanoTime() < until) {
            attempt(reader, mutator.next(), read);
            tried++;
        }
        System.out.println("Fuzz: " + reader + " " + tried + " messages");
        return tried;
    }

    private static void replay(String reader, Function<byte[], ?> read) {
        Path findings = Path.of("src/test/resources/io/sluice/bank/fuzz");
        if (!Files.isDirectory(findings)) {
            return;
        }
        try (var files = Files.newDirectoryStream(findings, reader + "-*.bin")) {
            for (Path file : files) {
                attempt(reader, Files.readAllBytes(file), read);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void attempt(String reader, byte[] message, Function<byte[], ?> read) {
        long begun = System.nanoTime();
        try {
            Object first = outcome(message, read);
            if (!String.valueOf(first).equals(String.valueOf(outcome(message, read)))) {
                throw new AssertionError("Read twice, it says two things: " + first);
            }
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            throw new AssertionError(reader + " failed, message in " + keep(reader, message) + ": " + e, e);
        }
        if (System.nanoTime() - begun > SLOWEST.toNanos()) {
            throw new AssertionError(reader + " took longer than " + SLOWEST + ", message in " + keep(reader, message));
        }
    }

    private static @Nullable Object outcome(byte[] message, Function<byte[], ?> read) {
        try {
            Object found = read.apply(message);
            if (found instanceof List<?> notices) {
                notices.forEach(Fuzzing::check);
            }
            return found;
        } catch (UnreadableMessage e) {
            if (!e.reason().matches("[a-z0-9-]{3,40}")
                    || String.valueOf(e.getMessage()).length() > LONGEST_TEXT) {
                throw new AssertionError("Not a reason: " + e.reason() + ": " + e.getMessage(), e);
            }
            return e.reason() + ": " + e.getMessage();
        }
    }

    /** What is read is fit to be booked: an account, and an unsigned amount with the decimals of a currency that exists. */
    private static void check(Object notice) {
        if (notice instanceof BankNotice.EntryNotice told) {
            BankEntry entry = told.entry();
            int digits = Currency.getInstance(entry.currency()).getDefaultFractionDigits();
            if (entry.account().isBlank()
                    || entry.amount().signum() < 0
                    || entry.amount().scale() > digits
                    || entry.amount().precision() - entry.amount().scale() > 18) {
                throw new AssertionError("Not fit to be booked: " + entry);
            }
        }
    }

    private static Path keep(String reader, byte[] message) {
        try {
            Path folder = Files.createDirectories(Path.of("target", "fuzz"));
            return Files.write(
                    folder.resolve(reader + "-" + Integer.toHexString(java.util.Arrays.hashCode(message)) + ".bin"),
                    message);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
