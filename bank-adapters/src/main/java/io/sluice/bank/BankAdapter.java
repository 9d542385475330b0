package io.sluice.bank;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

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

    /**
     * What of a body comes again when the bank repeats the event: the inbox compares this under one event id. All of it, but for banks
     * that write the attempt into the body.
     */
    default byte[] repeated(byte[] body) {
        return body;
    }

    /** What a verified body says. Throws {@link UnreadableMessage}; never returns a partial reading. */
    List<BankNotice> read(byte[] body);

    /**
     * What the object says now that a thin event names. Asks the bank, so never inside a transaction; asking again is harmless.
     *
     * @throws BankFailure when the bank cannot be reached or understood
     * @throws UnreadableMessage when the object cannot be understood
     */
    default List<BankNotice> fetch(BankNotice.ToFetch named) {
        throw new IllegalArgumentException("Events of " + name() + " tell all themselves, nothing is to be fetched");
    }

    /**
     * Whether {@link BankEntry#bankTransactionId} is this bank's own id of a movement, which it never gives to two: then one id under two
     * amounts is one movement that was told wrongly once, and not two. Never so by default: in files the id can be the payer's.
     */
    default boolean namesEachMovement() {
        return false;
    }

    BankPayments payments();

    BankStatements statements();

    /** Movements as the bank lists them, to find what no webhook told; empty for a bank that lists none. */
    default Optional<BankTransactions> transactions() {
        return Optional.empty();
    }
}
