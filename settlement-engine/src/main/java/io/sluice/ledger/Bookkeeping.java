package io.sluice.ledger;

import io.sluice.collection.CollectionEvent.InflowAssigned;
import io.sluice.collection.CollectionEvent.InflowBooked;
import io.sluice.collection.CollectionEvent.InflowReversed;
import io.sluice.collection.CollectionEvent.InflowWithdrawn;
import io.sluice.collection.CollectionEvent.InflowsBooked;
import io.sluice.collection.InflowKind;
import io.sluice.ledger.LedgerEvent.JournalLine;
import io.sluice.ledger.LedgerEvent.JournalPosted;
import io.sluice.routing.Destination;
import io.sluice.routing.RoutingEvent.HeldReleased;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.Leg;
import io.sluice.routing.RoutingEvent.LegsReduced;
import io.sluice.routing.RoutingEvent.Reduction;
import io.sluice.routing.RoutingEvent.Routed;
import io.sluice.routing.RoutingEvent.RoutedInflowTakenBack;
import io.sluice.routing.RoutingEvent.Terms;
import io.sluice.royalty.RoyaltyEvent.DistributionSealed;
import io.sluice.settlement.SettlementEvent.ChainRowsSettled;
import io.sluice.settlement.SettlementEvent.Context;
import io.sluice.settlement.SettlementEvent.Deviation;
import io.sluice.settlement.SettlementEvent.Kind;
import io.sluice.settlement.SettlementEvent.Line;
import io.sluice.settlement.SettlementEvent.OnRampExecuted;
import io.sluice.settlement.SettlementEvent.OrderReleased;
import io.sluice.settlement.SettlementEvent.Rail;
import io.sluice.settlement.SettlementEvent.RowsRejected;
import io.sluice.settlement.SettlementEvent.RowsReturned;
import io.sluice.settlement.SettlementEvent.RowsSettled;
import io.sluice.settlement.SettlementEvent.TokensArrived;
import java.math.BigInteger;
import java.util.BitSet;
import java.util.Objects;

/** What each event means in double entry. Pure: the same event gives the same lines, always. */
final class Bookkeeping {

    private Bookkeeping() {}

    static Lines lines(InflowBooked event) {
        return booked(
                event.kind(),
                Chart.bank(event.accountKind(), event.account()),
                BigInteger.valueOf(event.units()),
                event.currency());
    }

    /** Of one amount: the units of an inflow of that kind. */
    static JournalPattern pattern(InflowsBooked event, InflowKind kind) {
        String bank = Chart.bank(event.accountKind(), event.account());
        return JournalPattern.of(new int[] {0}, number -> booked(kind, bank, BigInteger.ONE, event.currency()));
    }

    private static Lines booked(InflowKind kind, String bank, BigInteger units, String currency) {
        String against = against(kind, bank);
        Lines lines = new Lines();
        return against.equals(bank) ? lines : lines.move(bank, against, Lines.NO_AGREEMENT, units, currency);
    }

    static Lines lines(InflowAssigned event) {
        return new Lines().move(Chart.UNALLOCATED, Chart.UNROUTED, Lines.NO_AGREEMENT, event.units(), event.currency());
    }

    /** The original stays as it was booked and routed; what the bank took is owed by somebody until it is decided by whom. */
    static Lines lines(InflowReversed event) {
        return new Lines()
                .move(
                        Chart.takenBack(event.account()),
                        Chart.bank(event.accountKind(), event.account()),
                        Lines.NO_AGREEMENT,
                        event.units(),
                        event.currency());
    }

    /** What a credit of this kind on that bank account is held against until something is decided of it. */
    private static String against(InflowKind kind, String bank) {
        return switch (kind) {
            case SALE -> Chart.UNROUTED;
            case RETURN -> Chart.RETURNS;
            case UNKNOWN -> Chart.UNALLOCATED;
            case REFUND -> Chart.REFUNDS;
            case FUNDING -> Chart.FUNDING;
            case BANK_FEE -> Chart.BANK_CHARGES;
            case INTEREST -> Chart.INTEREST;
            case FX_LEG -> Chart.EXCHANGE;
            case SUBSCRIPTION -> Chart.SUBSCRIPTIONS;
            case OWN_TRANSFER -> bank; // booked with the debit that it belongs to
        };
    }

    static Lines lines(InflowWithdrawn event) {
        return new Lines()
                .move(
                        against(event.kind(), Chart.takenBack(event.account())),
                        Chart.takenBack(event.account()),
                        Lines.NO_AGREEMENT,
                        event.units(),
                        event.currency());
    }

    /** From here on the agreement's store owes it. */
    static Lines lines(RoutedInflowTakenBack event) {
        BigInteger units = BigInteger.valueOf(event.units());
        return new Lines()
                .debit(Chart.RECALLED, event.agreementId(), units, event.currency())
                .debit(Chart.takenBack(event.account()), Lines.NO_AGREEMENT, units.negate(), event.currency());
    }

    /** What was not paid yet covers it: the division is undone for so much. */
    static Lines lines(LegsReduced event) {
        String agreement = event.agreementId();
        String currency = event.currency();
        Lines lines = new Lines();
        for (Reduction reduction : event.reductions()) {
            BigInteger units = BigInteger.valueOf(reduction.units());
            lines.debit(Chart.RECALLED, agreement, units.negate(), currency);
            give(lines, reduction.destination(), event.account(), agreement, units.negate(), currency);
        }
        return lines;
    }

    static Lines lines(InflowRouted event) {
        String currency = event.currency();
        String agreement = event.agreementId();
        Lines lines = new Lines();
        divide(lines, BigInteger.valueOf(event.units()), currency);
        for (Leg leg : event.legs()) {
            give(lines, leg.destination(), event.account(), agreement, BigInteger.valueOf(leg.units()), currency);
        }
        return lines;
    }

    /**
     * Of the amounts of an inflow that was divided by those terms.
     *
     * @param notZero numbers of {@link #amounts}
     */
    static JournalPattern pattern(InflowsRouted event, int terms, BitSet notZero) {
        Terms its = event.terms().get(terms);
        return JournalPattern.of(notZero.stream().toArray(), number -> {
            Lines lines = new Lines();
            if (number == 0) {
                divide(lines, BigInteger.ONE, event.currency());
            } else {
                Destination to = its.claims().get(number - 1).destination();
                give(lines, to, its.account(), event.agreementId(), BigInteger.ONE, event.currency());
            }
            return lines;
        });
    }

    /** What came in, then each of its parts. */
    static long[] amounts(Routed inflow) {
        long[] amounts = new long[1 + inflow.parts().size()];
        amounts[0] = inflow.units();
        for (int place = 1; place < amounts.length; place++) {
            amounts[place] = inflow.parts().get(place - 1);
        }
        return amounts;
    }

    /** What comes in waits no longer. */
    private static void divide(Lines lines, BigInteger units, String currency) {
        lines.debit(Chart.UNROUTED, Lines.NO_AGREEMENT, units, currency);
    }

    /** What reserves and traps held goes on; nothing came in. */
    static Lines lines(HeldReleased event) {
        Lines lines = new Lines();
        for (Leg leg : event.legs()) {
            give(
                    lines,
                    leg.destination(),
                    event.account(),
                    event.agreementId(),
                    BigInteger.valueOf(leg.units()),
                    event.currency());
        }
        return lines;
    }

    /**
     * What goes to a destination of money on a collection account. Fees and royalty are in two books: what the account owes, and what the
     * other side holds in transit.
     */
    private static void give(
            Lines lines, Destination to, String account, String agreement, BigInteger units, String currency) {
        switch (to) {
            case PLATFORM_FEES ->
                lines.debit(Chart.DUE_TO_FEES, agreement, units.negate(), currency)
                        .move(Chart.IN_TRANSIT_FEE, Chart.FEES, agreement, units, currency);
            case ROYALTY_POOL ->
                lines.debit(Chart.DUE_TO_TRUST, agreement, units.negate(), currency)
                        .move(Chart.IN_TRANSIT_SWEEP, Chart.POOL, agreement, units, currency);
            case RETURNS_RESERVE ->
                lines.debit(Chart.DUE_TO_TRUST, agreement, units.negate(), currency)
                        .move(Chart.IN_TRANSIT_SWEEP, Chart.RETURNS_RESERVE, agreement, units, currency);
            case TRUSTEE_FEES -> lines.debit(Chart.TRUSTEE_FEES, agreement, units.negate(), currency);
            case TAX_WITHHELD -> lines.debit(Chart.TAX_WITHHELD, agreement, units.negate(), currency);
            case UPSTREAM_ROYALTY -> lines.debit(Chart.UPSTREAM, agreement, units.negate(), currency);
            case CASH_RESERVE -> lines.debit(Chart.reserve(account), agreement, units.negate(), currency);
            case MERCHANT_TRAPPED -> lines.debit(Chart.trapped(account), agreement, units.negate(), currency);
            case MERCHANT_UNTIL_REPORT -> lines.debit(Chart.untilReport(account), agreement, units.negate(), currency);
            case MERCHANT_RESIDUAL -> lines.debit(Chart.residual(account), agreement, units.negate(), currency);
        }
    }

    static Lines lines(DistributionSealed event) {
        return new Lines()
                .move(Chart.POOL, Chart.PAYABLE, event.agreementId(), event.entitledUnits(), event.currency())
                .move(
                        Chart.POOL,
                        Chart.DUST,
                        event.agreementId(),
                        event.poolUnits() - event.entitledUnits(),
                        event.currency());
    }

    /** The hold: what is paid off becomes money in transit. Conversions and chain payouts are booked when they are executed. */
    static Lines lines(OrderReleased event) {
        Lines lines = new Lines();
        Context order = event.context();
        if (order.rail() == Rail.BANK) {
            for (Line line : event.lines()) {
                lines.move(
                        Chart.paidOff(line.kind(), order.account()),
                        Chart.inTransit(order.account()),
                        order.agreementId(),
                        line.units(),
                        order.currency());
            }
        }
        return lines;
    }

    static Lines lines(RowsRejected event) {
        Lines lines = new Lines();
        Context order = event.context();
        if (order.rail() == Rail.BANK) {
            for (Deviation row : event.rows()) {
                lines.move(
                        Chart.inTransit(order.account()),
                        Chart.paidOff(row.kind(), order.account()),
                        order.agreementId(),
                        row.units(),
                        order.currency());
            }
        }
        return lines;
    }

    static Lines lines(RowsSettled event) {
        Lines lines = new Lines();
        Context order = event.context();
        for (Line line : event.lines()) {
            lines.move(
                    Chart.inTransit(order.account()),
                    Chart.fundedBy(line.kind(), order),
                    order.agreementId(),
                    line.units(),
                    order.currency());
            if (line.kind() == Kind.SWEEP) {
                lines.move(
                        Chart.bank(io.sluice.collection.AccountKind.TRUST, Objects.requireNonNull(line.ownAccount())),
                        Chart.IN_TRANSIT_SWEEP,
                        order.agreementId(),
                        line.units(),
                        order.currency());
            } else if (line.kind() == Kind.FEE) {
                lines.move(
                        Chart.bank(io.sluice.collection.AccountKind.FEE, Objects.requireNonNull(line.ownAccount())),
                        Chart.IN_TRANSIT_FEE,
                        order.agreementId(),
                        line.units(),
                        order.currency());
            }
        }
        return lines;
    }

    /** Two balanced halves, one in each currency: the payees are owed coins from here on. */
    static Lines lines(OnRampExecuted event) {
        Context order = event.context();
        return new Lines()
                .move(
                        Chart.PAYABLE,
                        Chart.inTransit(order.account()),
                        order.agreementId(),
                        event.units(),
                        order.currency())
                .move(
                        Chart.IN_TRANSIT_CHAIN,
                        Chart.PAYABLE,
                        order.agreementId(),
                        event.tokenUnits(),
                        event.tokenCurrency());
    }

    static Lines lines(TokensArrived event) {
        return new Lines()
                .move(
                        Chart.DISTRIBUTOR,
                        Chart.IN_TRANSIT_CHAIN,
                        event.context().agreementId(),
                        event.tokenUnits(),
                        event.tokenCurrency());
    }

    static Lines lines(ChainRowsSettled event) {
        String agreement = event.context().agreementId();
        return new Lines()
                .move(Chart.PAYABLE, Chart.DISTRIBUTOR, agreement, event.tokenUnits(), event.tokenCurrency())
                .move(Chart.PAYABLE, Chart.OWED_ON_CHAIN, agreement, event.owed(), event.tokenCurrency());
    }

    static Lines lines(RowsReturned event) {
        Lines lines = new Lines();
        Context order = event.context();
        for (Deviation row : event.rows()) {
            BigInteger units = BigInteger.valueOf(row.units());
            lines.debit(Chart.RETURNS, Lines.NO_AGREEMENT, units, order.currency())
                    .debit(
                            Chart.paidOff(row.kind(), order.account()),
                            order.agreementId(),
                            units.negate(),
                            order.currency());
        }
        return lines;
    }

    static Lines lines(JournalPosted event) {
        Lines lines = new Lines();
        for (JournalLine line : event.lines()) {
            lines.debit(
                    line.account(),
                    Objects.requireNonNullElse(line.agreementId(), Lines.NO_AGREEMENT),
                    line.units(),
                    line.currency());
        }
        return lines;
    }
}
