package io.sluice.bank.clearbank;

import io.sluice.bank.Acknowledgement;
import io.sluice.bank.BankAdapter;
import io.sluice.bank.BankNotice;
import io.sluice.bank.BankPayments;
import io.sluice.bank.BankStatements;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.Verdict;
import io.sluice.bank.WebhookDelivery;
import io.sluice.bank.webhook.BankPublicKey;
import io.sluice.bank.webhook.RsaSignature;
import io.sluice.bank.webhook.SigningKey;
import io.sluice.bank.wire.ApiKey;
import io.sluice.bank.wire.BankAddress;
import io.sluice.bank.wire.BankHttp;
import io.sluice.bank.wire.BankJson;
import io.sluice.bank.wire.Keys;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** ClearBank as the engine sees it. Closing it breaks off calls under way, whose outcome is then unknown. */
public final class ClearBank implements BankAdapter, AutoCloseable {

    static final String SIGNATURE = "DigitalSignature";

    private static final String NAME = "clearbank";
    private static final String NONCE = "Nonce";
    private static final int OK = 200;

    private final String name;
    private final RsaSignature signature;
    private final SigningKey signingKey;
    private final ClearBankNotices notices;
    private final BankHttp http;
    private final ClearBankPayments payments;

    public ClearBank(ClearBankSettings settings) {
        this.name = settings.name();
        this.signature = new RsaSignature(SIGNATURE, settings.bankKeys());
        this.signingKey = settings.signingKey();
        this.notices = new ClearBankNotices(settings.zone());
        this.http = new BankHttp(settings.address());
        this.payments = new ClearBankPayments(http, settings);
    }

    /**
     * The bank at an address, with the keys of a properties file: {@code api.token}, {@code debtor.name}, {@code zone}, and {@code
     * bank.public-key} and {@code signing-key}, which name files in PEM beside it.
     *
     * @throws IllegalArgumentException when a file cannot be read or a key is missing or malformed; it names the key, never its value
     */
    public static ClearBank fromKeys(URI baseUri, Path keysFile) {
        Keys keys = Keys.read(keysFile);
        return new ClearBank(new ClearBankSettings(
                NAME,
                BankAddress.of(baseUri),
                new ApiKey(keys.required("api.token")),
                List.of(BankPublicKey.parse(keys.text("bank.public-key"))),
                SigningKey.parse(keys.text("signing-key")),
                keys.required("debtor.name"),
                ZoneId.of(keys.required("zone"))));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Verdict verify(WebhookDelivery delivery, Instant now) {
        return signature.verify(delivery, now, notices::eventId);
    }

    /**
     * The nonce of this delivery, signed by us. A genuine body without a nonce is answered by a signed empty object: the bank will deliver
     * it again, which is harmless, and a person sees it parked.
     */
    @Override
    public Acknowledgement acknowledge(Verdict.Verified verified, WebhookDelivery delivery) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        try {
            Long nonce = BankJson.optionalInteger(BankJson.object(delivery.body()), NONCE);
            if (nonce != null) {
                answer.put(NONCE, nonce);
            }
        } catch (UnreadableMessage e) {
            // answered without
        }
        byte[] body = BankJson.bytes(answer);
        return new Acknowledgement(
                OK, Map.of("Content-Type", "application/json", SIGNATURE, signingKey.sign(body)), body);
    }

    /** The body without its nonce, which differs from attempt to attempt. */
    @Override
    public byte[] repeated(byte[] body) {
        try {
            return withoutNonce(BankJson.object(body));
        } catch (UnreadableMessage e) {
            return body;
        }
    }

    static byte[] withoutNonce(JsonNode event) {
        ObjectNode rest = (ObjectNode) event.deepCopy();
        rest.remove(NONCE);
        return BankJson.bytes(rest);
    }

    @Override
    public List<BankNotice> read(byte[] body) {
        return notices.read(body);
    }

    @Override
    public boolean namesEachMovement() {
        return true;
    }

    @Override
    public BankPayments payments() {
        return payments;
    }

    /** None by this way: ClearBank sends its camt.053 on request; they come through the intake folder. */
    @Override
    public BankStatements statements() {
        return BankStatements.NONE;
    }

    @Override
    public void close() {
        http.close();
    }
}
