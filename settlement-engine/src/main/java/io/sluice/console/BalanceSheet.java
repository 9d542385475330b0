package io.sluice.console;

import io.sluice.console.Sheet.Account;
import io.sluice.console.Sheet.Coin;
import io.sluice.console.Sheet.Total;
import io.sluice.ledger.ClearingAccounts;
import io.sluice.ledger.Coverage;
import io.sluice.money.Currencies;
import io.sluice.money.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Lays bank, ledger and chain side by side. The ledger runs ahead of the bank's last statement, so it is compared as it stood at the end
 * of that statement's day: its balance now, less what has a later value date.
 */
@Component
class BalanceSheet {

    private static final String LEDGER =
            "case a.kind when 'COLLECTION' then 'bank.collection/' when 'TRUST' then 'bank.royalty-trust/'"
                    + " else 'bank.fees/' end || a.account";

    private static final int SHOWN = 200;

    private record AccountIn(String currency, Account account) {}

    private final JdbcClient db;
    private final CoinBalances coins;
    private final Coverage coverage;
    private final ClearingAccounts clearing;

    BalanceSheet(JdbcClient db, CoinBalances coins, Coverage coverage, ClearingAccounts clearing) {
        this.db = db;
        this.coins = coins;
        this.coverage = coverage;
        this.clearing = clearing;
    }

    Sheet now() {
        List<AccountIn> accounts = accounts();
        CoinBalances.Reading reading = coins.reading();
        return new Sheet(
                totals(accounts),
                accounts.stream().map(AccountIn::account).toList(),
                chain(reading.byCurrency()),
                coverage.now().stream()
                        .map(one ->
                                new Sheet.Covered(one.agreementId(), amount(one.owedInAll()), amount(one.heldInAll())))
                        .limit(SHOWN)
                        .toList(),
                clearing.open().stream()
                        .map(one -> new Sheet.Open(
                                one.account(),
                                one.agreementId(),
                                amount(one.balance()),
                                one.openSince(),
                                one.overdue()))
                        .limit(SHOWN)
                        .toList(),
                reading.trouble());
    }

    private static Amount amount(Money money) {
        return new Amount(money.currency(), money.units());
    }

    private List<AccountIn> accounts() {
        return db.sql("""
                        select a.account, a.kind, a.name, a.currency, s.day, s.closing_units,
                               coalesce((select sum(b.units) from balance b where b.account = %1$s and b.currency = a.currency), 0),
                               coalesce((select sum(d.units) from day_balance d where d.account = %1$s and d.currency = a.currency
                                         and d.value_date > s.day), 0)
                        from bank_account a
                        left join lateral (select day, closing_units from bank_statement b where b.account = a.account
                                           order by day desc, accepted_at desc limit 1) s on true
                        order by a.currency, a.kind, a.account limit 1000
                        """.formatted(LEDGER))
                .query((rs, n) -> {
                    String currency = rs.getString(4);
                    LocalDate day = rs.getObject(5, LocalDate.class);
                    Amount since = amount(currency, rs.getBigDecimal(8));
                    return new AccountIn(
                            currency,
                            new Account(
                                    rs.getString(1),
                                    rs.getString(2),
                                    rs.getString(3),
                                    day,
                                    day == null ? null : Amount.of(currency, rs.getLong(6)),
                                    amount(currency, rs.getBigDecimal(7)).minus(since),
                                    since));
                })
                .list();
    }

    private static List<Total> totals(List<AccountIn> accounts) {
        Map<String, List<Account>> byCurrency = new TreeMap<>();
        accounts.forEach(a ->
                byCurrency.computeIfAbsent(a.currency(), c -> new ArrayList<>()).add(a.account()));
        List<Total> totals = new ArrayList<>();
        byCurrency.forEach((currency, its) -> totals.add(total(currency, its)));
        return totals;
    }

    private static Total total(String currency, List<Account> accounts) {
        Amount statement = Amount.of(currency, 0);
        Amount ledger = statement;
        Amount since = statement;
        TreeSet<LocalDate> days = new TreeSet<>();
        int without = 0;
        for (Account account : accounts) {
            if (account.statement() == null || account.day() == null) {
                without++;
                continue;
            }
            days.add(account.day());
            statement = statement.plus(account.statement());
            ledger = ledger.plus(account.ledger());
            since = since.plus(account.since());
        }
        return new Total(
                currency,
                days.isEmpty() ? null : days.first(),
                days.isEmpty() ? null : days.last(),
                statement,
                ledger,
                since,
                without);
    }

    private List<Coin> chain(Map<String, BigInteger> onChain) {
        Map<String, Amount> ledger = new TreeMap<>();
        db.sql("select currency, sum(units) from balance where account = 'stable.distributor' group by currency")
                .query(rs -> {
                    ledger.put(rs.getString(1), amount(rs.getString(1), rs.getBigDecimal(2)));
                });
        onChain.keySet()
                .forEach(c -> ledger.putIfAbsent(Currencies.stablecoinOf(c), Amount.of(Currencies.stablecoinOf(c), 0)));
        List<Coin> list = new ArrayList<>();
        ledger.forEach((coin, held) -> list.add(new Coin(coin, read(coin, onChain.get(coin.substring(1))), held)));
        return list;
    }

    private static @Nullable Amount read(String coin, @Nullable BigInteger units) {
        return units == null ? null : new Amount(coin, units);
    }

    private static Amount amount(String currency, BigDecimal units) {
        return new Amount(currency, units.toBigIntegerExact());
    }
}
