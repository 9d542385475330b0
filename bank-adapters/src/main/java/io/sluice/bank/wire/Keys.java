package io.sluice.bank.wire;

import io.sluice.bank.webhook.WebhookSecret;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The keys of one bank, from a properties file. What is wrong with one is said by its name, never by its value. */
public final class Keys {

    private final Path file;
    private final Properties keys = new Properties();

    private Keys(Path file) {
        this.file = file;
    }

    /** @throws IllegalArgumentException when the file cannot be read */
    public static Keys read(Path file) {
        Keys keys = new Keys(file);
        try (Reader reader = Files.newBufferedReader(file)) {
            keys.keys.load(reader);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Keys cannot be read from " + file + ": " + e.getClass().getSimpleName(), e);
        }
        return keys;
    }

    /** @throws IllegalArgumentException when the key is missing */
    public String required(String key) {
        String value = optional(key);
        if (value == null) {
            throw new IllegalArgumentException("Keys file " + file + ": " + key + " is missing");
        }
        return value;
    }

    public @Nullable String optional(String key) {
        String value = keys.getProperty(key, "").strip();
        return value.isEmpty() ? null : value;
    }

    /** The secrets of a list separated by commas, the newest first. */
    public List<WebhookSecret> secrets(String key, Function<String, WebhookSecret> form) {
        return Arrays.stream(required(key).split(",", -1))
                .map(secret -> form.apply(secret.strip()))
                .toList();
    }

    /** The text of a file that a key names, beside this one: a key in PEM. */
    public String text(String key) {
        Path named = file.resolveSibling(required(key));
        try {
            return Files.readString(named);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Keys file " + file + ": " + key + " names " + named + ", which cannot be read", e);
        }
    }
}
