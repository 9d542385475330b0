package io.sluice.bank.wire;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;

/**
 * Where a bank's API is and how long we wait for it.
 *
 * @param baseUri https; plain http only to this machine, for a sandbox
 * @param connectTimeout until the connection stands
 * @param totalTimeout until the last byte of the answer
 */
public record BankAddress(URI baseUri, Duration connectTimeout, Duration totalTimeout) {

    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    public static final Duration TOTAL_TIMEOUT = Duration.ofSeconds(20);

    public BankAddress {
        check(baseUri);
        if (!connectTimeout.isPositive() || !totalTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "Timeouts must be positive, were " + connectTimeout + " and " + totalTimeout);
        }
    }

    /** With the usual patience. */
    public static BankAddress of(URI baseUri) {
        return new BankAddress(baseUri, CONNECT_TIMEOUT, TOTAL_TIMEOUT);
    }

    private static void check(URI uri) {
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
