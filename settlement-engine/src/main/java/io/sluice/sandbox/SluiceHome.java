package io.sluice.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where tools and unpacked binaries live, shared by every data folder of this user: {@code ${SLUICE_HOME:-~/.sluice}}. */
final class SluiceHome {

    private SluiceHome() {}

    static Path path() {
        String home = System.getenv("SLUICE_HOME");
        return home == null || home.isBlank() ? Path.of(System.getProperty("user.home"), ".sluice") : Path.of(home);
    }

    /** A folder below it, made where it is missing. */
    static Path folder(String name) {
        Path folder = path().resolve(name).toAbsolutePath();
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The folder " + folder + " cannot be made; set SLUICE_HOME to one that can", e);
        }
    }
}
