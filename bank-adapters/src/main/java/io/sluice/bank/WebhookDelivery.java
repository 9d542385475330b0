package io.sluice.bank;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request of a bank, untouched.
 *
 * @param headers by lower-case name, values in the order received
 * @param body the bytes that were signed; never parsed before they are verified
 */
public record WebhookDelivery(Map<String, List<String>> headers, byte[] body) {

    /** The only value of a header; null where it is absent or repeated. */
    public @Nullable String header(String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        return values.size() == 1 ? values.getFirst() : null;
    }
}
