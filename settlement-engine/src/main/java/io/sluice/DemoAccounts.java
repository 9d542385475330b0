package io.sluice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/**
 * The demo's people: an account per role with a random password of this data folder. {@code accounts.properties} has the passwords, for
 * whoever owns the folder; {@code users.properties} has what the engine reads, hashes only.
 */
record DemoAccounts(Path accounts, Path users, boolean madeNow, Map<String, String> passwords) {

    private static final List<String> ROLES = List.of(
            "ONBOARDING",
            "RULE_ADMIN",
            "TREASURY_OPERATOR",
            "APPROVER",
            "TRUSTEE",
            "AUDITOR",
            "COMPLIANCE",
            "SECURITY_ADMIN");
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
    private static final int LENGTH = 14;

    /** The folder's accounts; made at its first start, or anew. A role that a folder of an older demo has no account of gets one. */
    static DemoAccounts of(Path data, boolean anew) throws IOException {
        Path accounts = data.resolve("accounts.properties");
        Path users = data.resolve("users.properties");
        boolean make = anew || !Files.exists(accounts) || !Files.exists(users);
        Map<String, String> passwords = make ? new LinkedHashMap<>() : read(accounts);
        List<String> hashes = make ? new ArrayList<>() : new ArrayList<>(Files.readAllLines(users));
        BCryptPasswordEncoder encoder = new BCryptPasswordEncoder();
        boolean added = false;
        for (String role : ROLES) {
            String name = role.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
            if (!passwords.containsKey(name)) {
                String password = password();
                passwords.put(name, password);
                hashes.removeIf(line -> line.startsWith(name + "="));
                hashes.add(name + "=" + encoder.encode(password) + "|" + role);
                added = true;
            }
        }
        if (added) {
            write(users, hashes);
            write(
                    accounts,
                    passwords.entrySet().stream()
                            .map(one -> one.getKey() + "=" + one.getValue())
                            .toList());
        }
        return new DemoAccounts(accounts, users, make, passwords);
    }

    private static Map<String, String> read(Path file) throws IOException {
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            properties.load(in);
        }
        Map<String, String> passwords = new LinkedHashMap<>();
        properties.forEach((name, password) -> passwords.put(name.toString(), password.toString()));
        return passwords;
    }

    private static String password() {
        SecureRandom random = new SecureRandom();
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < LENGTH; i++) {
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return password.toString();
    }

    private static void write(Path file, List<String> lines) throws IOException {
        Path half = Files.createTempFile(
                file.getParent(),
                "half",
                ".properties",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(half, lines);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
