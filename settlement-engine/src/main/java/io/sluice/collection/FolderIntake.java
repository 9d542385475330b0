package io.sluice.collection;

import io.sluice.platform.Hashes;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import io.sluice.policies.WorkList;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/**
 * Takes camt files that are dropped into the intake folder. A file is taken when its size stands still, kept in the inbox, and then moved
 * to {@code taken/}, which is its owner's alone; a name that is in use there gets a number. What a file came to is in the inbox, not in
 * its place. Symbolic links are never followed: they and files of other names stay, and the log names each once.
 */
@Component
@EnableConfigurationProperties(IntakeSettings.class)
class FolderIntake extends Worker {

    private static final int LONGEST_NAME = 100;
    private static final Logger log = LoggerFactory.getLogger(FolderIntake.class);

    private final IntakeSettings settings;
    private final Inbox inbox;
    private final InboxReader reader;
    private final WorkList work;
    private final Transactions transactions;
    private final Map<Path, Long> sizes = new HashMap<>();
    private final Set<Path> left = new HashSet<>();

    FolderIntake(IntakeSettings settings, Inbox inbox, InboxReader reader, WorkList work, Transactions transactions) {
        super("intake");
        this.settings = settings;
        this.inbox = inbox;
        this.reader = reader;
        this.work = work;
        this.transactions = transactions;
    }

    @Override
    protected Duration idle() {
        return Duration.ofMillis(500);
    }

    @Override
    protected boolean work() {
        Path folder = settings.intake();
        if (folder == null) {
            return false;
        }
        try {
            ownFolder(folder.resolve("taken"));
            ownFolder(folder.resolve("too-large"));
            for (Path file : entries(folder)) {
                if (!isTaken(file)) {
                    nameOnce(file);
                    continue;
                }
                long size = Files.size(file);
                if (size == sizes.getOrDefault(file, -1L)) {
                    sizes.remove(file);
                    take(folder, file, size);
                } else {
                    sizes.put(file, size);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The intake folder " + folder + " cannot be read", e);
        }
        return false;
    }

    private void take(Path folder, Path file, long size) throws IOException {
        if (size > settings.maxFileBytes()) {
            putAside(folder, file, size);
            return;
        }
        Inbox.Kept kept = inbox.keepFile("folder", bytes(file));
        log.info("Took {} from the intake folder: {}", file.getFileName(), kept);
        move(file, folder.resolve("taken"));
        reader.wake();
    }

    /** Unread and whole; a person is told first, so that no crash leaves it there in silence. */
    private void putAside(Path folder, Path file, long size) throws IOException {
        String name = file.getFileName().toString();
        log.warn("{} has {} bytes, at most {} are taken; it is in too-large/", name, size, settings.maxFileBytes());
        String hash = Hashes.sha256(name + "|" + size);
        transactions.run(
                () -> work.tell(
                        "TOO-LARGE-" + hash.substring(0, 32),
                        hash,
                        "The file " + shown(name) + " in the intake folder has " + size + " bytes, at most "
                                + settings.maxFileBytes()
                                + " are taken: nothing of it is booked, and all of it is kept in too-large/. Ask the bank for smaller ones"));
        move(file, folder.resolve("too-large"));
    }

    /** Names are anybody's. */
    private static String shown(String name) {
        String clean = name.replaceAll("[^A-Za-z0-9._ -]", "?");
        return clean.length() <= LONGEST_NAME ? clean : clean.substring(0, LONGEST_NAME) + "…";
    }

    private void nameOnce(Path file) {
        if (left.add(file)) {
            log.warn("{} stays in the intake folder: only .xml files are taken, and no links", file.getFileName());
        }
    }

    /** A link that took the file's place since it was listed is not followed either. */
    static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return in.readAllBytes();
        }
    }

    /** Makes the folder if there is none, and its owner's alone if it was not. */
    static void ownFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        Set<PosixFilePermission> owners = PosixFilePermissions.fromString("rwx------");
        if (!Files.getPosixFilePermissions(folder).equals(owners)) {
            Files.setPosixFilePermissions(folder, owners);
        }
    }

    static void move(Path file, Path folder) throws IOException {
        Path target = folder.resolve(file.getFileName());
        for (int n = 1; Files.exists(target, LinkOption.NOFOLLOW_LINKS); n++) {
            target = folder.resolve(n + "-" + file.getFileName());
        }
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) { // it belongs to whoever dropped it; the folder keeps others out
            log.info("{} keeps its permissions: it is another user's", target.getFileName());
        }
    }

    /** Whether an entry of the folder is a file to take; a link never is, whatever it leads to. */
    static boolean isTaken(Path entry) {
        return Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)
                && entry.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".xml");
    }

    /** All but folders. */
    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(entry -> !Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
    }
}
