package io.sluice.chain;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.WalletUtils;
import org.web3j.crypto.exception.CipherException;
import org.web3j.utils.Numeric;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A key in a version 3 keystore file, encrypted under a password that lies in a file of its own; both are readable by their owner
 * alone. It protects a key in a backup of one of the two files, not from whoever can read both.
 */
public final class Keystore {

    private static final int PASSWORD_BYTES = 32;

    private Keystore() {}

    /**
     * The address of the key in {@code directory}, as its file states it; a new key, and a new random password, where there is none yet.
     * Whether the password opens a key that was there shows when it is to sign.
     */
    public static String createIfMissing(Path directory, Path passwordFile) {
        try {
            Files.createDirectories(directory);
            if (files(directory).isEmpty()) {
                if (!Files.exists(passwordFile)) {
                    createPassword(passwordFile);
                }
                String name = WalletUtils.generateLightNewWalletFile(password(passwordFile), directory.toFile());
                ownerOnly(directory.resolve(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The keystore " + directory + " cannot be made", e);
        } catch (GeneralSecurityException | CipherException e) {
            throw new IllegalStateException("The keystore " + directory + " cannot be made", e);
        }
        Path file = theOneIn(directory);
        String address = statedIn(file);
        // Version 3 leaves it to whoever makes the file whether it states the address.
        return address.isEmpty() ? open(file, passwordFile).address() : Numeric.prependHexPrefix(address);
    }

    private static String statedIn(Path file) {
        try {
            return new JsonMapper().readTree(file).path("address").asString("");
        } catch (JacksonException e) {
            throw new IllegalStateException(file + " is not a version 3 keystore file", e);
        }
    }

    /** The signer of a keystore file, or of a folder with exactly one. */
    static TransactionSigner open(Path keystore, Path passwordFile) {
        File file = theOneIn(keystore).toFile();
        String password;
        try {
            password = password(passwordFile);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The password file " + passwordFile + " of the keystore " + file + " cannot be read", e);
        }
        try {
            Credentials credentials = WalletUtils.loadCredentials(password, file);
            return new KeystoreSigner(credentials);
        } catch (JacksonException e) {
            throw new IllegalStateException(file + " is not a version 3 keystore file", e);
        } catch (IOException e) {
            throw new UncheckedIOException("The keystore " + file + " cannot be read", e);
        } catch (CipherException e) {
            throw new IllegalStateException("The password in " + passwordFile + " does not open " + file, e);
        }
    }

    private static Path theOneIn(Path keystore) {
        if (!Files.isDirectory(keystore)) {
            return keystore;
        }
        try {
            List<Path> files = files(keystore);
            if (files.size() != 1) {
                throw new IllegalStateException(
                        "sluice.chain.keystore must hold one key file, " + keystore + " holds " + files.size());
            }
            return files.getFirst();
        } catch (IOException e) {
            throw new UncheckedIOException("The keystore " + keystore + " cannot be read", e);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> entry.getFileName()
                            .toString()
                            .toLowerCase(Locale.ROOT)
                            .endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    private static String password(Path file) throws IOException {
        return Files.readString(file).strip();
    }

    private static void createPassword(Path file) throws IOException {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createFile(file);
        ownerOnly(file);
        Files.writeString(file, HexFormat.of().formatHex(random) + "\n");
    }

    private static void ownerOnly(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }
}
