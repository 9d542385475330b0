package io.sluice.bank.airwallex;

import io.sluice.bank.Acknowledgement;
import io.sluice.bank.BankAdapter;
import io.sluice.bank.BankNotice;
import io.sluice.bank.BankPayments;
import io.sluice.bank.BankStatements;
import io.sluice.bank.BankTransactions;
import io.sluice.bank.Verdict;
import io.sluice.bank.WebhookDelivery;
import io.sluice.bank.webhook.HmacSignature;
import io.sluice.bank.webhook.WebhookSecret;
import io.sluice.bank.wire.BankAddress;
import io.sluice.bank.wire.BankHttp;
import io.sluice.bank.wire.BankJson;
import io.sluice.bank.wire.Keys;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Airwallex as the engine sees it. Closing it breaks off calls under way, whose outcome is then unknown. */
public final class AirwallexBank implements BankAdapter, AutoCloseable {

    private static final String NAME = "airwallex";
    private static final int OK = 200;

    private final String name;
    private final HmacSignature signature;
    private final BankHttp http;
    private final AirwallexPayments payments;
    private final AirwallexDeposits deposits;

    public AirwallexBank(AirwallexSettings settings) {
        this.name = settings.name();
        this.signature = new HmacSignature(HmacSignature.Scheme.AIRWALLEX, settings.webhookSecrets());
        this.http = new BankHttp(settings.address());
        AirwallexApi api = new AirwallexApi(http, settings.login());
        this.payments = new AirwallexPayments(api, settings.reason());
        this.deposits = new AirwallexDeposits(api);
    }

    /**
     * The bank at an address, with the keys of a properties file: {@code client.id}, {@code api.key}, {@code webhook.secrets} separated by
     * commas, and {@code payout.reason}.
     *
     * @throws IllegalArgumentException when the file cannot be read or a key is missing or malformed; it names the key, never its value
     */
    public static AirwallexBank fromKeys(URI baseUri, Path keysFile) {
        Keys keys = Keys.read(keysFile);
        return new AirwallexBank(new AirwallexSettings(
                NAME,
                BankAddress.of(baseUri),
                new AirwallexLogin(keys.required("client.id"), keys.required("api.key")),
                keys.secrets("webhook.secrets", WebhookSecret::text),
                keys.required("payout.reason")));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Verdict verify(WebhookDelivery delivery, Instant now) {
        return signature.verify(delivery, now, body -> BankJson.text(BankJson.object(body), "id"));
    }

    /** 200: no other answer counts here. */
    @Override
    public Acknowledgement acknowledge(Verdict.Verified verified, WebhookDelivery delivery) {
        return new Acknowledgement(OK, Map.of(), new byte[0]);
    }

    @Override
    public List<BankNotice> read(byte[] body) {
        return AirwallexNotices.read(body);
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
        return deposits;
    }

    /** Deposits alone: what this bank lists of money that came in. */
    @Override
    public Optional<BankTransactions> transactions() {
        return Optional.of(deposits);
    }

    @Override
    public void close() {
        http.close();
    }
}
