package io.sluice.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeystoreTest {

    @TempDir
    Path folder;

    @Test
    void makesAKeyOnceAndFindsItAgain() throws IOException {
        Path password = folder.resolve("secrets").resolve("keystore");
        Path keys = folder.resolve("keys");

        String address = Keystore.createIfMissing(keys, password);

        assertThat(address).matches("0x[0-9a-f]{40}");
        assertThat(Keystore.createIfMissing(keys, password)).isEqualTo(address);
        assertThat(Keystore.open(keys, password).address()).isEqualTo(address);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
                .isEqualTo("rw-------");
        try (var files = Files.list(keys)) {
            assertThat(files.toList())
                    .singleElement()
                    .satisfies(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void refusesAPasswordThatDoesNotOpenTheKey() throws IOException {
        Path password = folder.resolve("password");
        Keystore.createIfMissing(folder.resolve("keys"), password);
        Files.writeString(password, "another");

        assertThatThrownBy(() -> Keystore.open(folder.resolve("keys"), password))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not open");
    }

    @Test
    void refusesAFolderWithoutAKey() {
        assertThatThrownBy(() -> Keystore.open(folder, folder.resolve("password")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("holds 0");
    }

    @Test
    void namesThePasswordFileThatCannotBeReadAndTheFileThatIsNoKeystore() throws IOException {
        Path password = folder.resolve("password");
        Keystore.createIfMissing(folder.resolve("keys"), password);
        assertThatThrownBy(() -> Keystore.open(folder.resolve("keys"), folder.resolve("elsewhere")))
                .hasMessageContaining("The password file " + folder.resolve("elsewhere"));

        Path other = Files.writeString(folder.resolve("notes.json"), "to do: find the key");
        assertThatThrownBy(() -> Keystore.open(other, password))
                .hasMessage(other + " is not a version 3 keystore file");
        assertThatThrownBy(() -> Keystore.createIfMissing(folder, password))
                .hasMessage(other + " is not a version 3 keystore file");
    }
}
