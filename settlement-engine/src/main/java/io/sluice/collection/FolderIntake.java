package io.sluice.collection;

import io.sluice.platform.Worker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/**
 * Takes camt files that are dropped into the intake folder. A file is taken when its size stands still, kept in the inbox, and then moved
 * to {@code taken/}; a name that is in use there gets a number. What a file came to is in the inbox, not in its place.
 */
@Component
@EnableConfigurationProperties(IntakeSettings.class)
class FolderIntake extends Worker {

    private static final Logger log = LoggerFactory.getLogger(FolderIntake.class);

    private final IntakeSettings settings;
    private final Inbox inbox;
    private final InboxReader reader;
    private final Map<Path, Long> sizes = new HashMap<>();

    FolderIntake(IntakeSettings settings, Inbox inbox, InboxReader reader) {
        super("intake");
        this.settings = settings;
        this.inbox = inbox;
        this.reader = reader;
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
            Files.createDirectories(folder.resolve("taken"));
            Files.createDirectories(folder.resolve("too-large"));
            for (Path file : files(folder)) {
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
            log.warn(
                    "{} has {} bytes, at most {} are taken; it is in too-large/",
                    file.getFileName(),
                    size,
                    settings.maxFileBytes());
            move(file, folder.resolve("too-large"));
            return;
        }
        Inbox.Kept kept = inbox.keepFile("folder", Files.readAllBytes(file));
        log.info("Took {} from the intake folder: {}", file.getFileName(), kept);
        move(file, folder.resolve("taken"));
        reader.wake();
    }

    private static void move(Path file, Path folder) throws IOException {
        Path target = folder.resolve(file.getFileName());
        for (int n = 1; Files.exists(target); n++) {
            target = folder.resolve(n + "-" + file.getFileName());
        }
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(Files::isRegularFile)
                    .filter(f -> f.getFileName()
                            .toString()
                            .toLowerCase(java.util.Locale.ROOT)
                            .endsWith(".xml"))
                    .sorted()
                    .toList();
        }
    }
}
