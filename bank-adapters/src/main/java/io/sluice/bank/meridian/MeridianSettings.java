package io.sluice.bank.meridian;

import io.sluice.bank.webhook.WebhookSecret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

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

    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    public static final Duration TOTAL_TIMEOUT = Duration.ofSeconds(20);

    public MeridianSettings {
        webhookSecrets = List.copyOf(webhookSecrets);
        if (!name.matches("[a-z0-9]{1,32}")) {
            throw new IllegalArgumentException(
                    "A bank's name is 1 to 32 lower-case letters and digits, was \"" + name + "\"");
        }
        checkAddress(baseUri);
        if (webhookSecrets.isEmpty()) {
            throw new IllegalArgumentException("At least one webhook secret is needed");
        }
        if (!connectTimeout.isPositive() || !totalTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "Timeouts must be positive, were " + connectTimeout + " and " + totalTimeout);
        }
    }

    private static void checkAddress(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        String host = uri.getHost();
        if (host == null || uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "The bank's address is a URL with a host and no user, query or fragment, host was " + host);
        }
        boolean here = host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
        if (!scheme.equals("https") && !(scheme.equals("http") && here)) {
            throw new IllegalArgumentException(
                    "The bank's address must be https unless it is this machine, was " + uri);
        }
    }
}
