package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionEvent.InflowBooked;
import io.sluice.collection.InflowKind;
import io.sluice.ledger.JournalEntry.Lines;
import io.sluice.ledger.JournalEntry.Posting;
import io.sluice.routing.Destination;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.Leg;
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
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** One sale of 1 000.00 EUR followed through the books to its last holder. */
class BookkeepingTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 23);
    private static final UUID ID = UUID.fromString("00000000-0000-5000-8000-000000000001");
    private static final Context SHOP = new Context(Rail.BANK, "meridian", "SHOP", "A", "EUR", null);
    private static final Context TRUST = new Context(Rail.BANK, "meridian", "TRUST", "A", "EUR", null);
    private static final Context COINS = new Context(Rail.ONRAMP, "meridian", "TRUST", "A", "EUR", null);
    private static final Context CHAIN = new Context(Rail.CHAIN, "meridian", "0x01", "A", "EUR", null);

    private final Map<String, BigInteger> balances = new TreeMap<>();

    private void book(Lines lines) {
        for (Posting posting : new JournalEntry(ID, DAY, DAY, null, "e", Instant.EPOCH, lines.list()).postings()) {
            balances.merge(posting.account() + " " + posting.currency(), posting.units(), BigInteger::add);
        }
        balances.values().removeIf(units -> units.signum() == 0);
    }

    private void coverageHolds() {
        BigInteger owed = BigInteger.ZERO;
        BigInteger held = BigInteger.ZERO;
        for (Map.Entry<String, BigInteger> balance : balances.entrySet()) {
            String account = balance.getKey();
            if (account.endsWith(" EUR")) {
                if (account.startsWith("royalty.") || account.startsWith("holder.")) {
                    owed = owed.subtract(balance.getValue());
                } else if (account.startsWith("bank.royalty-trust")
                        || account.startsWith("in-transit.sweep")
                        || account.startsWith("in-transit.bank/TRUST")) {
                    held = held.add(balance.getValue());
                }
            }
        }
        assertThat(owed).as("coverage, D-I6, in %s", balances).isEqualTo(held);
    }

    private void inflow() {
        book(Bookkeeping.lines(new InflowBooked(
                ID,
                "SHOP",
                AccountKind.COLLECTION,
                InflowKind.SALE,
                100_000,
                "EUR",
                DAY,
                "VALUE",
                "00",
                null,
                Instant.EPOCH,
                null)));
        book(Bookkeeping.lines(new InflowRouted(
                ID,
                "A",
                "S",
                "SHOP",
                "r",
                100_000,
                "EUR",
                DAY,
                List.of(
                        new Leg(ID, "fee", Destination.PLATFORM_FEES, 100),
                        new Leg(ID, "royalty", Destination.ROYALTY_POOL, 10_000),
                        new Leg(ID, "residual", Destination.MERCHANT_RESIDUAL, 89_900)),
                0,
                null)));
    }

    @Test
    void everyAccountReturnsToWhatTheBankHoldsOnceAllIsSettled() {
        inflow();
        coverageHolds();
        assertThat(balances).doesNotContainKey("clearing.unrouted EUR");
        List<Line> lines = List.of(
                new Line(Kind.SWEEP, 10_000, 1, "TRUST"),
                new Line(Kind.FEE, 100, 1, "FEES"),
                new Line(Kind.RESIDUAL, 89_900, 1, null));
        book(Bookkeeping.lines(new OrderReleased(ID, SHOP, DAY, lines, "h", "m", null)));
        book(Bookkeeping.lines(new RowsSettled(ID, SHOP, lines, "statement:1", DAY)));
        coverageHolds();
        book(Bookkeeping.lines(new DistributionSealed(
                ID, "A", "EUR", Instant.EPOCH, 1, "s", "r", 10_000, 9_999, 6_000, 2, "CUMULATIVE/1", "h")));
        coverageHolds();
        book(Bookkeeping.lines(new OrderReleased(
                ID, TRUST, DAY, List.of(new Line(Kind.HOLDER_PAYOUT, 6_000, 1, null)), "h", "m", null)));
        book(Bookkeeping.lines(new OnRampExecuted(
                ID, COINS, 3_999, "xEUR", new BigInteger("39900000"), "q", "0.998", null, "0x", DAY)));
        coverageHolds();
        book(Bookkeeping.lines(new TokensArrived(ID, COINS, "xEUR", new BigInteger("39900000"), "0x", 7, DAY)));
        book(Bookkeeping.lines(new ChainRowsSettled(
                ID, CHAIN, "xEUR", new BigInteger("39900000"), BigInteger.ZERO, 3_999, 1, "0x", 9, DAY)));
        book(Bookkeeping.lines(
                new RowsSettled(ID, TRUST, List.of(new Line(Kind.HOLDER_PAYOUT, 6_000, 1, null)), "statement:2", DAY)));
        book(Bookkeeping.lines(
                new RowsSettled(ID, COINS, List.of(new Line(Kind.ON_RAMP, 3_999, 1, null)), "statement:2", DAY)));
        coverageHolds();
        assertThat(balances)
                .isEqualTo(Map.of(
                        "bank.fees/FEES EUR", BigInteger.valueOf(100),
                        "fees.platform EUR", BigInteger.valueOf(-100),
                        "bank.royalty-trust/TRUST EUR", BigInteger.ONE,
                        "royalty.dust EUR", BigInteger.valueOf(-1)));
    }

    @Test
    void aRefusedPayoutIsOwedAgain() {
        inflow();
        book(Bookkeeping.lines(new DistributionSealed(
                ID, "A", "EUR", Instant.EPOCH, 1, "s", "r", 10_000, 10_000, 6_000, 2, "CUMULATIVE/1", "h")));
        Map<String, BigInteger> before = new TreeMap<>(balances);
        book(Bookkeeping.lines(new OrderReleased(
                ID, TRUST, DAY, List.of(new Line(Kind.HOLDER_PAYOUT, 6_000, 1, null)), "h", "m", null)));
        assertThat(balances).isNotEqualTo(before);
        book(Bookkeeping.lines(
                new RowsRejected(ID, TRUST, List.of(new Deviation(ID, Kind.HOLDER_PAYOUT, 6_000, "AC04")), DAY)));
        assertThat(balances).isEqualTo(before);
    }

    @Test
    void aReturnedPayoutIsOwedAgainAndItsCashIsBack() {
        Line line = new Line(Kind.HOLDER_PAYOUT, 6_000, 1, null);
        book(Bookkeeping.lines(new OrderReleased(ID, TRUST, DAY, List.of(line), "h", "m", null)));
        book(Bookkeeping.lines(new RowsSettled(ID, TRUST, List.of(line), "statement:2", DAY)));
        book(Bookkeeping.lines(new InflowBooked(
                ID,
                "TRUST",
                AccountKind.TRUST,
                InflowKind.RETURN,
                6_000,
                "EUR",
                DAY,
                "VALUE",
                "00",
                "SLA",
                Instant.EPOCH,
                null)));
        book(Bookkeeping.lines(
                new RowsReturned(ID, TRUST, List.of(new Deviation(ID, Kind.HOLDER_PAYOUT, 6_000, "AC04")), ID, DAY)));
        assertThat(balances).isEmpty();
    }

    @Test
    void anEntryThatDoesNotBalanceCannotBeMade() {
        assertThatThrownBy(() -> new JournalEntry(
                        ID,
                        DAY,
                        DAY,
                        null,
                        "e",
                        Instant.EPOCH,
                        new Lines().debit("a", "-", BigInteger.ONE, "EUR").list()))
                .hasMessageContaining("does not balance");
        assertThatThrownBy(() -> new JournalEntry(
                        ID,
                        DAY,
                        DAY,
                        null,
                        "e",
                        Instant.EPOCH,
                        new Lines()
                                .debit("a", "-", BigInteger.ONE, "EUR")
                                .debit("b", "-", BigInteger.ONE.negate(), "USD")
                                .list()))
                .hasMessageContaining("does not balance");
    }
}
