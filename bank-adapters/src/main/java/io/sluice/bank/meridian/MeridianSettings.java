package io.sluice.bank.meridian;

import io.sluice.bank.webhook.WebhookSecret;
import io.sluice.bank.wire.ApiKey;
import io.sluice.bank.wire.BankAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * How to reach Meridian.
 *
 * @param name in {@code POST /hooks/{name}}: lower-case letters and digits
 * @param baseUri https; plain http only to this machine, for a sandbox
 * @param webhookSecrets every active one, the newest first
 * @param connectTimeout until the connection stands
 * @param totalTimeout until the last byte of the answer
 */
public record MeridianSettings(
        String name,
        URI baseUri,
        ApiKey apiKey,
        List<WebhookSecret> webhookSecrets,
        Duration connectTimeout,
        Duration totalTimeout) {

    public static final Duration CONNECT_TIMEOUT = BankAddress.CONNECT_TIMEOUT;
    public static final Duration TOTAL_TIMEOUT = BankAddress.TOTAL_TIMEOUT;

    public MeridianSettings {
        webhookSecrets = List.copyOf(webhookSecrets);
        if (!name.matches("[a-z0-9]{1,32}")) {
            throw new IllegalArgumentException(
                    "A bank's name is 1 to 32 lower-case letters and digits, was \"" + name + "\"");
        }
        if (webhookSecrets.isEmpty()) {
            throw new IllegalArgumentException("At least one webhook secret is needed");
        }
        new BankAddress(baseUri, connectTimeout, totalTimeout); // checks
    }

    BankAddress address() {
        return new BankAddress(baseUri, connectTimeout, totalTimeout);
    }
}
