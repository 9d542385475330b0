package io.sluice.bank;

import java.time.Instant;
import java.util.List;

/** One bank as the engine sees it. Adapters hold keys and addresses, no state. */
public interface BankAdapter {

    /** The name in {@code POST /hooks/{name}} and in {@code SLUICE_BANK_<NAME>_URL}: lower-case letters and digits. */
    String name();

    /**
     * Checks the raw bytes with every active key. Nothing is read from a body before it is known to be genuine; then its event id is, for
     * banks that put it there.
     */
    Verdict verify(WebhookDelivery delivery, Instant now);

    /** The answer for a delivery that is now kept, duplicates included. */
    Acknowledgement acknowledge(Verdict.Verified verified, WebhookDelivery delivery);

    /** What a verified body says. Throws {@link UnreadableMessage}; never returns a partial reading. */
    List<BankNotice> read(byte[] body);

    BankPayments payments();

    BankStatements statements();
}
