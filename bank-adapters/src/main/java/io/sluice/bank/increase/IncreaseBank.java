package io.sluice.bank.increase;

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
import io.sluice.bank.wire.BankAddress;
import io.sluice.bank.wire.BankHttp;
import io.sluice.bank.wire.Keys;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Increase as the engine sees it. Closing it breaks off calls under way, whose outcome is then unknown. */
public final class IncreaseBank implements BankAdapter, AutoCloseable {

    private static final String NAME = "increase";
    private static final int NO_CONTENT = 204;

    private final String name;
    private final StandardWebhooks webhooks;
    private final BankHttp http;
    private final IncreaseNotices notices;
    private final IncreasePayments payments;
    private final IncreaseTransactions transactions;

    public IncreaseBank(IncreaseSettings settings) {
        this.name = settings.name();
        this.webhooks = new StandardWebhooks(settings.webhookSecrets());
        this.http = new BankHttp(settings.address());
        IncreaseApi api = new IncreaseApi(http, settings.apiKey());
        this.notices = new IncreaseNotices(api);
        this.payments = new IncreasePayments(api, settings);
        this.transactions = new IncreaseTransactions(api, notices);
    }

    /**
     * The bank at an address, with the keys of a properties file: {@code api.key}, {@code webhook.secrets} (the text as it was given to
     * Increase, separated by commas), {@code rail} (ACH, REAL_TIME_PAYMENTS, FEDNOW, WIRE), and where needed {@code
     * source.account-number-id}, {@code debtor.name}, {@code blockchain}.
     *
     * @throws IllegalArgumentException when the file cannot be read or a key is missing or malformed; it names the key, never its value
     */
    public static IncreaseBank fromKeys(URI baseUri, Path keysFile, InstantSource clock) {
        Keys keys = Keys.read(keysFile);
        return new IncreaseBank(new IncreaseSettings(
                NAME,
                BankAddress.of(baseUri),
                new ApiKey(keys.required("api.key")),
                keys.secrets(
                        "webhook.secrets",
                        secret ->
                                secret.startsWith("whsec_") ? WebhookSecret.parse(secret) : WebhookSecret.text(secret)),
                Rail.valueOf(keys.required("rail").toUpperCase(Locale.ROOT)),
                orEmpty(keys, "source.account-number-id"),
                orEmpty(keys, "debtor.name"),
                orEmpty(keys, "blockchain"),
                clock));
    }

    private static String orEmpty(Keys keys, String key) {
        String value = keys.optional(key);
        return value == null ? "" : value;
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
        return IncreaseNotices.read(body);
    }

    @Override
    public List<BankNotice> fetch(BankNotice.ToFetch named) {
        return notices.fetch(named);
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
        return transactions;
    }

    @Override
    public Optional<BankTransactions> transactions() {
        return Optional.of(transactions);
    }

    @Override
    public void close() {
        http.close();
    }
}
