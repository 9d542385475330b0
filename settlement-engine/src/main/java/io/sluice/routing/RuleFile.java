package io.sluice.routing;

import io.sluice.platform.Rejection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A rule document as a file, for those who write rules before anybody approves them: what the engine would say of it, and nothing that
 * depends on an agreement's state.
 *
 * @param hash SHA-256 of its canonical bytes, which it would be known by; null when it cannot be read
 * @param rule null when it cannot be read
 * @param findings path, found and expected of everything that is wrong; empty when nothing is
 */
public record RuleFile(@Nullable String hash, @Nullable RuleDocument rule, List<String> findings) {

    /** The JSON schema of such documents. */
    public static String schema() {
        try (InputStream schema = RuleFile.class.getResourceAsStream("rule-1.schema.json")) {
            return new String(Objects.requireNonNull(schema).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unread) {
            throw new UncheckedIOException(unread);
        }
    }

    public static RuleFile check(byte[] document) {
        try {
            CanonicalRule canonical = CanonicalRule.parse(document);
            return new RuleFile(canonical.hash(), canonical.rule(), RuleChecker.findings(canonical.rule()));
        } catch (Rejection unreadable) {
            return new RuleFile(null, null, List.of(String.valueOf(unreadable.getMessage())));
        }
    }

    public boolean valid() {
        return findings.isEmpty();
    }
}
