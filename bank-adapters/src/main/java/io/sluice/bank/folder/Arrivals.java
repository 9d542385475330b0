package io.sluice.bank.folder;

import io.sluice.bank.BankFailure;
import io.sluice.bank.UnreadableMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The files that a bank has put into a folder, in the order of arrival. A file that is still being written has a name that begins with a
 * dot or ends in {@code .part}, {@code .tmp} or {@code .filepart}, and is not seen.
 */
final class Arrivals {

    private static final int SNIFFED = 4_096;
    private static final long LARGEST = 256L * 1024 * 1024;
    private static final int STAMP_DIGITS = 19;

    private final Path folder;

    Arrivals(Path folder) {
        this.folder = folder;
    }

    /** One file. Its id sorts as it arrived. */
    record Arrival(String id, Path file, String beginning) {}

    /** The files behind an id (all, for an empty one) whose beginning fits, oldest first. */
    List<Arrival> after(String id, Predicate<String> beginning, int most) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Arrivals::isComplete)
                    .map(Arrivals::arrival)
                    .filter(arrival -> arrival.id().compareTo(id) > 0 && beginning.test(arrival.beginning()))
                    .sorted(Comparator.comparing(Arrival::id))
                    .limit(most)
                    .toList();
        } catch (IOException e) {
            throw new BankFailure("The folder " + folder + " cannot be read", e);
        }
    }

    /** @throws UnreadableMessage when the file is longer than any that we take */
    byte[] read(String id) {
        Path file = folder.resolve(id.substring(Math.min(id.length(), STAMP_DIGITS + 1)));
        if (!folder.toAbsolutePath()
                .normalize()
                .equals(file.toAbsolutePath().normalize().getParent())) {
            throw new BankFailure("Not a file of " + folder + ": " + id);
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw new UnreadableMessage(
                        "too-large",
                        file.getFileName() + " is longer than " + LARGEST + " bytes; it stays where it is");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new BankFailure(file + " cannot be read", e);
        }
    }

    private static boolean isComplete(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return Files.isRegularFile(file)
                && !name.startsWith(".")
                && !name.endsWith(".part")
                && !name.endsWith(".tmp")
                && !name.endsWith(".filepart");
    }

    private static Arrival arrival(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String stamp = String.format(
                    Locale.ROOT,
                    "%0" + STAMP_DIGITS + "d",
                    Files.getLastModifiedTime(file).toMillis());
            return new Arrival(
                    stamp + "-" + file.getFileName(),
                    file,
                    new String(in.readNBytes(SNIFFED), java.nio.charset.StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new BankFailure(file + " cannot be read", e);
        }
    }
}
