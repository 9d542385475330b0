package io.sluice.bank.meridian;

import io.sluice.bank.Acknowledgement;
import io.sluice.bank.BankAdapter;
import io.sluice.bank.BankNotice;
import io.sluice.bank.BankPayments;
import io.sluice.bank.BankStatements;
import io.sluice.bank.BankTransactions;
import io.sluice.bank.Verdict;
import io.sluice.bank.WebhookDelivery;
import io.sluice.bank.webhook.StandardWebhooks;
import io.sluice.bank.webhook.WebhookSecret;
import io.sluice.bank.wire.ApiKey;
import io.sluice.bank.wire.BankHttp;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Meridian Bank as the engine sees it. Closing it breaks off calls under way, whose outcome is then unknown. */
public final class MeridianBank implements BankAdapter, AutoCloseable {

    private static final String NAME = "meridian";
    private static final int NO_CONTENT = 204;

    private final String name;
    private final StandardWebhooks webhooks;
    private final BankHttp http;
    private final MeridianPayments payments;
    private final MeridianStatements statements;

    public MeridianBank(MeridianSettings settings) {
        this.name = settings.name();
        this.webhooks = new StandardWebhooks(settings.webhookSecrets());
        this.http = new BankHttp(settings.address());
        MeridianApi api = new MeridianApi(http, settings.apiKey());
        this.payments = new MeridianPayments(api);
        this.statements = new MeridianStatements(api);
    }

    /**
     * The bank at an address, with the keys of a properties file: {@code api.key}, and {@code webhook.secrets}, separated by commas.
     *
     * @throws IllegalArgumentException when the file cannot be read or a key is missing or malformed; it names the key, never its value
     */
    public static MeridianBank fromKeys(URI baseUri, Path keysFile) {
        Properties keys = new Properties();
        try (Reader reader = Files.newBufferedReader(keysFile)) {
            keys.load(reader);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "The keys of bank " + NAME + " cannot be read from " + keysFile + ": "
                            + e.getClass().getSimpleName(),
                    e);
        }
        try {
            return new MeridianBank(new MeridianSettings(
                    NAME,
                    baseUri,
                    new ApiKey(required(keys, "api.key")),
                    secrets(required(keys, "webhook.secrets")),
                    MeridianSettings.CONNECT_TIMEOUT,
                    MeridianSettings.TOTAL_TIMEOUT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Bank " + NAME + ", keys file " + keysFile + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Verdict verify(WebhookDelivery delivery, Instant now) {
        return webhooks.verify(delivery, now);
    }

    @Override
    public Acknowledgement acknowledge(Verdict.Verified verified, WebhookDelivery delivery) {
        return new Acknowledgement(NO_CONTENT, Map.of(), new byte[0]);
    }

    @Override
    public List<BankNotice> read(byte[] body) {
        return MeridianNotices.read(body);
    }

    @Override
    public boolean namesEachMovement() {
        return true;
    }

    @Override
    public BankPayments payments() {
        return payments;
    }

    @Override
    public BankStatements statements() {
        return statements;
    }

    @Override
    public Optional<BankTransactions> transactions() {
        return Optional.of(statements);
    }

    @Override
    public void close() {
        http.close();
    }

    private static String required(Properties keys, String key) {
        String value = keys.getProperty(key, "").strip();
        if (value.isEmpty()) {
            throw new IllegalArgumentException(key + " is missing");
        }
        return value;
    }

    private static List<WebhookSecret> secrets(String list) {
        List<WebhookSecret> secrets = new ArrayList<>();
        for (String secret : list.split(",", -1)) {
            secrets.add(WebhookSecret.parse(secret.strip()));
        }
        return secrets;
    }
}
