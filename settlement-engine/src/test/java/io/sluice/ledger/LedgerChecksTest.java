package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.ledger.ClearingAccounts.Open;
import io.sluice.ledger.Coverage.Covered;
import io.sluice.money.Money;
import io.sluice.platform.TestDatabase;
import io.sluice.sandbox.SandboxPostgres;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What holders are owed is there, and what has to return to zero does: by account, by agreement, by age. */
class LedgerChecksTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 24);

    private JdbcClient db;
    private Coverage coverage;
    private ClearingAccounts clearing;

    @BeforeEach
    void open() {
        db = TestDatabase.fresh().as(SandboxPostgres.APP);
        coverage = new Coverage(db, new Balances(db));
        clearing = new ClearingAccounts(db, () -> TODAY.atTime(9, 0).toInstant(java.time.ZoneOffset.UTC));
    }

    private void booked(String account, String agreement, long units, String currency, int daysAgo) {
        db.sql("insert into balance values (:a, :g, :c, :u) on conflict (account, agreement_id, currency)"
                        + " do update set units = balance.units + excluded.units")
                .param("a", account)
                .param("g", agreement)
                .param("c", currency)
                .param("u", units)
                .update();
        db.sql(
                        "insert into day_balance values (:a, :g, :c, :d, :d, :u, greatest(:u, 0))"
                                + " on conflict (account, agreement_id, currency, value_date, booked_on)"
                                + " do update set units = day_balance.units + excluded.units, debits = day_balance.debits + excluded.debits")
                .param("a", account)
                .param("g", agreement)
                .param("c", currency)
                .param("d", TODAY.minusDays(daysAgo))
                .param("u", units)
                .update();
    }

    private void agreement(String id, String trust) {
        db.sql("insert into agreement values (?, 'One', 'EUR', 'T', ?, 'FEE')")
                .params(id, trust)
                .update();
        db.sql("insert into bank_account values (?, 'meridian', 'EUR', 'TRUST', 'Trust') on conflict do nothing")
                .param(trust)
                .update();
    }

    @Test
    void everyAccountOfBothSidesIsNamedAndTheDifferenceIsWhatIsMissing() {
        agreement("A", "TRUST-A");
        agreement("B", "TRUST-B");
        booked("holder.payable", "A", -600, "EUR", 1);
        booked("royalty.pool", "A", -300, "EUR", 1);
        booked("royalty.dust", "A", -1, "EUR", 1);
        booked(
                "royalty.upstream",
                "A",
                -70,
                "EUR",
                1); // on the collection account, as is what is withheld of the merchant
        booked("tax.withheld", "A", -50, "EUR", 1);
        booked("bank.royalty-trust/TRUST-A", "A", 900, "EUR", 1);
        booked(
                "bank.royalty-trust/TRUST-A",
                "-",
                51,
                "EUR",
                0); // came back, and is the agreement's whose account it is
        booked("in-transit.bank/TRUST-A", "A", -100, "EUR", 1);
        booked("in-transit.sweep", "A", 50, "EUR", 0);
        booked(
                "in-transit.bank/SHOP",
                "A",
                -7_000,
                "EUR",
                0); // of a collection account: the holders' money is not there
        booked("merchant.residual/SHOP", "A", -8_000, "EUR", 0);
        booked("holder.payable", "B", -10, "EUR", 1);
        booked("holder.payable", "B", -5_000_000, "xEUR", 1);
        booked("stable.distributor", "B", 5_000_000, "xEUR", 1);
        List<Covered> all = coverage.now();
        assertThat(all)
                .extracting(c -> c.agreementId() + " " + c.currency() + " "
                        + c.owedInAll().amount() + " " + c.heldInAll().amount() + " "
                        + c.difference().amount())
                .containsExactly("A EUR 9.01 9.01 0.00", "B EUR 0.10 0.00 -0.10", "B xEUR 5.000000 5.000000 0.000000");
        assertThat(all.getFirst().held())
                .containsExactly(
                        new Coverage.Part("bank.royalty-trust/TRUST-A", Money.of(951, "EUR")),
                        new Coverage.Part("in-transit.bank/TRUST-A", Money.of(-100, "EUR")),
                        new Coverage.Part("in-transit.sweep", Money.of(50, "EUR")));
        var meters = new SimpleMeterRegistry();
        new LedgerAlarms(clearing, coverage).bindTo(meters);
        assertThat(meters.get("sluice.ledger.coverage.short").gauge().value()).isEqualTo(1);
    }

    @Test
    void moneyOfATrustAccountThatAgreementsShareIsNoneOfTheirsUntilItIsSaidWhose() {
        agreement("A", "SHARED");
        agreement("B", "SHARED");
        booked("bank.royalty-trust/SHARED", "-", 51, "EUR", 0);
        assertThat(coverage.now())
                .extracting(c -> c.agreementId() + " " + c.difference())
                .containsExactly("- 0.51 EUR");
    }

    /** By what each day came to alone, less on one day than on the day before, it would be of the first day for ever. */
    @Test
    void anAccountThatIsFilledAndClearedEachDayIsOfToday() {
        long[] filled = {100, 50, 80};
        for (int day = 0; day < filled.length; day++) {
            booked("in-transit.sweep", "A", filled[day], "EUR", filled.length - 1 - day);
            if (day > 0) {
                booked("in-transit.sweep", "A", -filled[day - 1], "EUR", filled.length - 1 - day);
            }
        }
        assertThat(clearing.open())
                .extracting(o -> o.balance() + " " + o.days())
                .containsExactly("0.80 EUR 0");
    }

    @Test
    void whatIsOpenIsAsOldAsTheFirstDayThatWasNotCleared() {
        booked("clearing.unrouted", "-", -100, "EUR", 20);
        booked("clearing.unrouted", "-", -30, "EUR", 6);
        booked("clearing.unrouted", "-", -5, "EUR", 0);
        booked("clearing.unrouted", "-", 110, "EUR", 1);
        booked("in-transit.bank/T", "A", -7, "EUR", 2);
        booked("clearing.returns", "-", 7, "EUR", 30);
        booked("clearing.returns", "-", -7, "EUR", 2);
        booked("clearing.returns", "-", -9, "USD", 1);
        booked("merchant.residual/SHOP", "A", -9, "EUR", 90);
        assertThat(clearing.open())
                .extracting(o ->
                        o.account() + " " + o.agreementId() + " " + o.balance() + " " + o.days() + " " + o.overdue())
                .containsExactly(
                        "clearing.unrouted null -0.25 EUR 6 true",
                        "in-transit.bank/T A -0.07 EUR 2 false",
                        "clearing.returns null -0.09 USD 1 false");
        assertThat(clearing.open()).first().extracting(Open::openSince).isEqualTo(TODAY.minusDays(6));
        var meters = new SimpleMeterRegistry();
        new LedgerAlarms(clearing, coverage).bindTo(meters);
        assertThat(meters.get("sluice.ledger.clearing.overdue").gauge().value()).isEqualTo(1);
    }
}
