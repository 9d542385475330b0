package io.sluice.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorldTest {

    private final World world = new World(new Chance(7), 2_000, 100);
    private final SalesPlan plan = new SalesPlan(world, new Chance(7));
    private final LocalDate monday = LocalDate.of(2026, 11, 23);

    @Test
    void isTheSameForTheSameSeed() {
        assertThat(new World(new Chance(7), 2_000, 100).holders()).isEqualTo(world.holders());
        assertThat(new SalesPlan(world, new Chance(7)).of(monday)).isEqualTo(plan.of(monday));
        assertThat(new SalesPlan(world, new Chance(8)).of(monday)).isNotEqualTo(plan.of(monday));
    }

    @Test
    void hasFourteenStoresInFiveAgreementsAndThreeCurrencies() {
        assertThat(world.agreements()).hasSize(5);
        assertThat(world.agreements().stream().map(World.Agreement::currency).distinct())
                .containsExactlyInAnyOrder("EUR", "USD", "JPY");
        assertThat(world.agreements().stream()
                        .mapToInt(agreement -> agreement.stores().size())
                        .sum())
                .isEqualTo(14);
        List<String> accounts = world.agreements().stream()
                .flatMap(agreement -> java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(agreement.trustAccount(), agreement.feeAccount()),
                        agreement.stores().stream().map(World.Store::collectionAccount)))
                .toList();
        assertThat(new HashSet<>(accounts)).hasSameSizeAs(accounts);
        assertThat(accounts).allMatch(TransferDesk::plausible);
    }

    @Test
    void paysAboutHalfOfTheHoldersByBankAndSkewsWhatTheyHold() {
        assertThat(world.holders().stream().filter(World.Holder::bank).count()).isBetween(850L, 1_150L);
        assertThat(world.holders().stream().filter(World.Holder::bank).map(World.Holder::payTo))
                .allMatch(TransferDesk::plausible);
        assertThat(world.holders().stream().filter(holder -> !holder.bank()).map(World.Holder::payTo))
                .allMatch(address -> address.matches("0x[0-9a-f]{40}"));
        for (World.Agreement agreement : world.agreements()) {
            List<World.Holding> holdings = world.holdings(agreement);
            assertThat(holdings.size()).isBetween(650, 950);
            long all = holdings.stream()
                    .mapToLong(holding -> holding.units().longValue())
                    .sum();
            assertThat(holdings.getFirst().units().longValue()).isGreaterThan(all / 10);
        }
    }

    @Test
    void sellsOneToTwoHundredFiftyTimesADayBetweenSixAndEight() {
        for (int i = 0; i < 5; i++) {
            LocalDate day = monday.plusDays(i);
            List<SalesPlan.Deposit> deposits = plan.of(day);
            assertThat(deposits.size()).isBetween(150, 250);
            assertThat(deposits).allMatch(deposit -> deposit.depositId().length() <= 35 && deposit.units() > 0);
            assertThat(deposits.stream().map(SalesPlan.Deposit::depositId).distinct())
                    .hasSameSizeAs(deposits);
            assertThat(deposits.getFirst().at()).isAfterOrEqualTo(day + "T06:00:00Z");
            assertThat(deposits.getLast().at()).isBefore(day + "T20:00:00Z");
        }
    }

    @Test
    void sellsMoreOnBlackFriday() {
        assertThat(sum(LocalDate.of(2026, 11, 27))).isGreaterThan(2 * sum(LocalDate.of(2026, 11, 26)));
    }

    private long sum(LocalDate day) {
        return plan.of(day).stream().mapToLong(SalesPlan.Deposit::units).sum();
    }
}
