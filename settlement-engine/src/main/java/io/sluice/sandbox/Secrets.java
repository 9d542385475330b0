package io.sluice.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Random passwords of one data folder, one file each, readable by their owner alone. Made once, then kept. */
final class Secrets {

    private static final int BYTES = 18;

    private final Path folder;

    Secrets(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /** The secret of that name; made at the first asking. */
    synchronized String of(String name) {
        Path file = file(name);
        try {
            if (Files.exists(file)) {
                return Files.readString(file).strip();
            }
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            String secret = HexFormat.of().formatHex(random);
            write(name, secret);
            return secret;
        } catch (IOException e) {
            throw new UncheckedIOException("The secret " + file + " cannot be read", e);
        }
    }

    /** Keeps a text under a name, replacing what was there as a whole. */
    synchronized void write(String name, String content) {
        try {
            var onlyOwner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(folder, onlyOwner);
            Path half = Files.createTempFile(folder, name, ".half"); // mode 600
            Files.writeString(half, content);
            Files.move(half, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("The secret " + file(name) + " cannot be written", e);
        }
    }

    Path file(String name) {
        return folder.resolve(name);
    }
}
