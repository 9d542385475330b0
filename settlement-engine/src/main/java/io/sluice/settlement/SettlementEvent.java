package io.sluice.settlement;

import io.sluice.collection.AccountKind;
import io.sluice.platform.StoredEvent;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What can have happened to a payment order. An event carries totals per kind, and lists rows only where they deviate from the rest of
 * the order. Units are minor units of the order's currency, token units the coin's smallest.
 */
public sealed interface SettlementEvent extends StoredEvent {

    UUID orderId();

    /** Which way an order goes out. */
    enum Rail {
        /** Transfers at the bank. */
        BANK,
        /** Bank money into coins. */
        ONRAMP,
        /** A batch paid by the payouts contract. */
        CHAIN
    }

    /** What an instruction is for. */
    enum Kind {
        /** Royalty from a collection account to the trust account. */
        SWEEP,
        /** Fees from a collection account to the platform's account. */
        FEE,
        /** What is left of a store's proceeds to its merchant. */
        RESIDUAL,
        /** A trustee's fee out of a store's proceeds. */
        TRUSTEE_FEE,
        /** Tax withheld from a merchant, to the tax office. */
        TAX,
        /** Another rights holder's royalty. */
        UPSTREAM_ROYALTY,
        /** A holder's entitlements. */
        HOLDER_PAYOUT,
        /** Trust money into coins for holders paid on chain. */
        ON_RAMP,
        /** Money out of suspense, to where it came from. */
        RETURN_TO_SENDER
    }

    /** So much of one kind; {@code ownAccount} is the account of ours that receives it, where one does. */
    record Line(Kind kind, long units, int rows, @Nullable String ownAccount) {}

    /**
     * What order an event is about: funding account (or contract), whose money, in which currency.
     *
     * @param accountKind what the funding account is for; null on chain, and on orders released before anything was sent back
     */
    record Context(
            Rail rail,
            String bank,
            String account,
            String agreementId,
            String currency,
            @Nullable AccountKind accountKind) {}

    /** A row that went another way than the rest, and why. */
    record Deviation(UUID instructionId, Kind kind, long units, String reason) {}

    /**
     * An order may go out: funds are held for it by the ledger, its bytes and payees are fixed.
     *
     * @param approvalHash of the mandate or the approval that covers it
     * @param instructionsHash SHA-256 over the instructions' ids, payee hashes and units
     * @param fundedBy the on-ramp order that buys a chain order's coins
     */
    record OrderReleased(
            UUID orderId,
            Context context,
            LocalDate day,
            List<Line> lines,
            String instructionsHash,
            String approvalHash,
            @Nullable UUID fundedBy)
            implements SettlementEvent {}

    /** Bank or chain has it; nothing is settled by that. */
    record OrderSubmitted(UUID orderId, String reference, LocalDate day) implements SettlementEvent {}

    /** Definitely not executed: the holds are undone and the payables are open again. */
    record RowsRejected(UUID orderId, Context context, List<Deviation> rows, LocalDate day)
            implements SettlementEvent {}

    /**
     * Bank money became coins: {@code units} of the currency for {@code tokenUnits}, at the quoted rate.
     *
     * @param quotedUnits what the quote promised; null in books from before
     */
    record OnRampExecuted(
            UUID orderId,
            Context context,
            long units,
            String tokenCurrency,
            BigInteger tokenUnits,
            String quoteId,
            String rate,
            @Nullable BigInteger quotedUnits,
            String transactionHash,
            LocalDate day)
            implements SettlementEvent {}

    /** The coins are at the contract, in a finalized block. */
    record TokensArrived(
            UUID orderId,
            Context context,
            String tokenCurrency,
            BigInteger tokenUnits,
            String transactionHash,
            long block,
            LocalDate day)
            implements SettlementEvent {}

    /**
     * A booked statement entry shows it.
     *
     * @param evidence statement and bank reference
     */
    record RowsSettled(UUID orderId, Context context, List<Line> lines, String evidence, LocalDate valueDate)
            implements SettlementEvent {}

    /**
     * A finalized block shows it. {@code tokenUnits} left the contract; {@code owed} stay there for payees whom the token refused.
     */
    record ChainRowsSettled(
            UUID orderId,
            Context context,
            String tokenCurrency,
            BigInteger tokenUnits,
            BigInteger owed,
            long units,
            int rows,
            String transactionHash,
            long block,
            LocalDate day)
            implements SettlementEvent {}

    /** Settled payouts came back by {@code inflowId}. */
    record RowsReturned(UUID orderId, Context context, List<Deviation> rows, UUID inflowId, LocalDate valueDate)
            implements SettlementEvent {}
}
