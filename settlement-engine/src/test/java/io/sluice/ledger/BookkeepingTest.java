package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionEvent.Booked;
import io.sluice.collection.CollectionEvent.InflowBooked;
import io.sluice.collection.CollectionEvent.InflowsBooked;
import io.sluice.collection.InflowKind;
import io.sluice.ledger.JournalBatch.Entry;
import io.sluice.routing.Destination;
import io.sluice.routing.RoutingEvent.Claim;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.Leg;
import io.sluice.routing.RoutingEvent.Routed;
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
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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
        requireBalance(lines);
        for (Posting posting : lines.list()) {
            balances.merge(posting.account() + " " + posting.currency(), posting.units(), BigInteger::add);
        }
        balances.values().removeIf(units -> units.signum() == 0);
    }

    private static void requireBalance(Lines lines) {
        JournalShape.of(lines.list())
                .requireBalance(
                        LineUnits.of(lines.list().stream().map(Posting::units).toList()), "e");
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
        JournalShape shape = new JournalShape(List.of("a", "b"), List.of("-", "-"), List.of("EUR", "EUR"));
        Entry balanced = new Entry(ID, LineUnits.of(1, -1));
        assertThatThrownBy(() -> batch(shape, balanced, balanced)).hasMessageContaining("one fact twice");
        assertThatThrownBy(() -> batch(shape, balanced, new Entry(new UUID(0, 0), LineUnits.of(1, 0))))
                .hasMessageContaining("does not balance: {EUR=1}")
                .hasMessageContaining("from event e");
        assertThatThrownBy(() -> batch(shape, new Entry(ID, LineUnits.of(1))))
                .hasMessageContaining("does not balance")
                .hasMessageContaining("1 of 2 lines");
        assertThatThrownBy(() ->
                        batch(new JournalShape(List.of("a", "b"), List.of("-", "-"), List.of("EUR", "USD")), balanced))
                .hasMessageContaining("does not balance: {EUR=1, USD=-1}");
    }

    private static JournalBatch batch(JournalShape shape, Entry... entries) {
        return new JournalBatch(0, shape, DAY, DAY, null, "e", Instant.EPOCH, List.of(entries));
    }

    /** What is worked out once for all facts of an event is what each would be booked by alone. */
    @Test
    void patternsOfManyFactsGiveTheLinesOfEach() {
        for (AccountKind accountKind : AccountKind.values()) {
            for (InflowKind kind : InflowKind.values()) {
                InflowsBooked booked = new InflowsBooked(
                        "SHOP",
                        accountKind,
                        "EUR",
                        Instant.EPOCH,
                        List.of(new Booked(ID, kind, 7, DAY, "VALUE", "00", null, null)));
                assertThat(lines(Bookkeeping.pattern(booked, kind), 7))
                        .as("%s %s", accountKind, kind)
                        .isEqualTo(Bookkeeping.lines(booked.each().findFirst().orElseThrow())
                                .list());
            }
        }
        List<Claim> claims = Arrays.stream(Destination.values())
                .map(to -> new Claim("/" + to, to))
                .toList();
        List<List<Long>> divisions = List.of(
                LongStream.range(0, claims.size())
                        .mapToObj(place -> 100 + place)
                        .toList(),
                LongStream.range(0, claims.size())
                        .mapToObj(place -> place % 3 - 1)
                        .toList(),
                List.of(0L, 5L),
                List.of());
        for (List<Long> parts : divisions) {
            long units = parts.stream().mapToLong(Long::longValue).sum();
            InflowsRouted routed = new InflowsRouted(
                    "A",
                    "EUR",
                    List.of(new Terms("S0", "OTHER", "r", List.of()), new Terms("S", "SHOP", "r", claims)),
                    List.of(new Routed(ID, 1, units, DAY, parts, 0, null)));
            long[] amounts = Bookkeeping.amounts(routed.inflows().getFirst());
            BitSet notZero = new BitSet();
            for (int number = 0; number < amounts.length; number++) {
                notZero.set(number, amounts[number] != 0);
            }
            assertThat(lines(Bookkeeping.pattern(routed, 1, notZero), amounts))
                    .as("%s", parts)
                    .isEqualTo(Bookkeeping.lines(routed.each().findFirst().orElseThrow())
                            .list());
        }
    }

    private static List<Posting> lines(JournalPattern pattern, long... amounts) {
        JournalShape shape = pattern.shape();
        List<BigInteger> units = pattern.units(amounts).exact();
        return IntStream.range(0, shape.lines())
                .mapToObj(line -> new Posting(
                        shape.accounts().get(line),
                        shape.agreements().get(line),
                        units.get(line),
                        shape.currencies().get(line)))
                .toList();
    }
}
