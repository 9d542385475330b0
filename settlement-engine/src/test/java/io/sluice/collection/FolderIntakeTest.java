package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderIntakeTest {

    @TempDir
    private Path folder;

    @Test
    void takesXmlFilesAndFollowsNoLink() throws IOException {
        Path file = Files.writeString(folder.resolve("statement.XML"), "<a/>");
        Path other = Files.writeString(folder.resolve("notes.txt"), "a");
        Path link = Files.createSymbolicLink(folder.resolve("link.xml"), file);

        assertThat(FolderIntake.isTaken(file)).isTrue();
        assertThat(FolderIntake.isTaken(other)).isFalse();
        assertThat(FolderIntake.isTaken(link)).isFalse();
        assertThat(FolderIntake.bytes(file)).hasSize(4);
        assertThatThrownBy(() -> FolderIntake.bytes(link)).isInstanceOf(IOException.class);
    }

    @Test
    void whatWasTakenIsItsOwnersAlone() throws IOException {
        Path taken = Files.createDirectory(folder.resolve("taken"));
        Files.setPosixFilePermissions(taken, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path file = Files.writeString(folder.resolve("a.xml"), "<a/>");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        FolderIntake.ownFolder(taken);
        FolderIntake.move(file, taken);

        assertThat(permissions(taken)).isEqualTo("rwx------");
        assertThat(permissions(taken.resolve("a.xml"))).isEqualTo("rw-------");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
