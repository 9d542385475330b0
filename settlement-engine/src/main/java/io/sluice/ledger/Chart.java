package io.sluice.ledger;

import io.sluice.collection.AccountKind;
import io.sluice.settlement.SettlementEvent.Context;
import io.sluice.settlement.SettlementEvent.Kind;
import java.util.Objects;

/**
 * The chart of accounts. A name is the account's purpose, followed by the bank account it belongs to where it has one.
 *
 * <p>The royalty share is in two books from the moment an inflow is routed: the collection account owes it to the trust ({@code
 * collection.due-to-trust}), and the trust side holds it as {@code in-transit.sweep} against {@code royalty.pool}. So coverage holds at
 * any time, and both clear when the sweep is booked.
 */
final class Chart {

    static final String UNROUTED = "clearing.unrouted";
    static final String RETURNS = "clearing.returns";
    static final String UNALLOCATED = "bank.unallocated";
    static final String REFUNDS = "clearing.refunds";
    static final String FUNDING = "owner.funding";
    static final String BANK_CHARGES = "bank.charges";
    static final String INTEREST = "bank.interest";
    static final String EXCHANGE = "clearing.exchange";
    static final String SUBSCRIPTIONS = "investor.subscriptions";
    static final String DUE_TO_FEES = "collection.due-to-fees";
    static final String DUE_TO_TRUST = "collection.due-to-trust";
    static final String IN_TRANSIT_SWEEP = "in-transit.sweep";
    static final String IN_TRANSIT_FEE = "in-transit.fee";
    static final String IN_TRANSIT_CHAIN = "in-transit.chain";
    static final String FEES = "fees.platform";
    static final String TRUSTEE_FEES = "fees.trustee";
    static final String TAX_WITHHELD = "tax.withheld";
    static final String UPSTREAM = "royalty.upstream";
    static final String RETURNS_RESERVE = "royalty.returns-reserve";
    static final String POOL = "royalty.pool";
    static final String DUST = "royalty.dust";
    static final String PAYABLE = "holder.payable";

    /** What was paid out of credits that were taken back since, until later residuals cover it. */
    static final String RECALLED = "receivable.recall";

    static final String OWED_ON_CHAIN = "holder.owed-on-chain";
    static final String DISTRIBUTOR = "stable.distributor";

    private Chart() {}

    static String bank(AccountKind kind, String account) {
        return switch (kind) {
            case COLLECTION -> "bank.collection/" + account;
            case TRUST -> "bank.royalty-trust/" + account;
            case FEE -> "bank.fees/" + account;
        };
    }

    /** The account that an instruction of this kind is paid from. */
    static String fundedBy(Kind kind, Context order) {
        String account = order.account();
        return switch (kind) {
            case RETURN_TO_SENDER -> bank(Objects.requireNonNull(order.accountKind()), account);
            case SWEEP, FEE, RESIDUAL, TRUSTEE_FEE, TAX, UPSTREAM_ROYALTY -> bank(AccountKind.COLLECTION, account);
            case HOLDER_PAYOUT, ON_RAMP -> bank(AccountKind.TRUST, account);
        };
    }

    /** What an instruction of this kind pays off. */
    static String paidOff(Kind kind, String account) {
        return switch (kind) {
            case RETURN_TO_SENDER -> UNALLOCATED;
            case SWEEP -> DUE_TO_TRUST;
            case FEE -> DUE_TO_FEES;
            case RESIDUAL -> residual(account);
            case TRUSTEE_FEE -> TRUSTEE_FEES;
            case TAX -> TAX_WITHHELD;
            case UPSTREAM_ROYALTY -> UPSTREAM;
            case HOLDER_PAYOUT, ON_RAMP -> PAYABLE;
        };
    }

    /** What a reserve holds on a collection account. */
    static String reserve(String account) {
        return "cash.reserve/" + account;
    }

    /** What a trap holds on a collection account. */
    static String trapped(String account) {
        return "merchant.trapped/" + account;
    }

    /** What is held on a collection account until platforms have reported. */
    static String untilReport(String account) {
        return "merchant.until-report/" + account;
    }

    static String residual(String account) {
        return "merchant.residual/" + account;
    }

    /** What banks took back and nobody has borne yet. */
    static String takenBack(String account) {
        return "bank.taken-back/" + account;
    }

    static String inTransit(String account) {
        return "in-transit.bank/" + account;
    }
}
