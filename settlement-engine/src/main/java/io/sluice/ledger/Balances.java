package io.sluice.ledger;

import io.sluice.money.Currencies;
import io.sluice.money.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the ledger's accounts hold. Debit balances are positive. */
@Component
public class Balances {

    public record Balance(String account, String agreementId, String currency, BigInteger units) {
        public Money money() {
            return Money.of(units, currency);
        }
    }

    private final JdbcClient db;

    Balances(JdbcClient db) {
        this.db = db;
    }

    public List<Balance> all() {
        return db.sql(
                        "select account, agreement_id, currency, units from balance order by currency, account, agreement_id")
                .query(Balances::row)
                .list();
    }

    /**
     * One account's; zero where nothing was posted.
     *
     * @param agreementId {@code -} for money that is no agreement's
     */
    public Balance of(String account, String agreementId, String currency) {
        return db.sql("select account, agreement_id, currency, units from balance"
                        + " where account = ? and agreement_id = ? and currency = ?")
                .params(account, agreementId, currency)
                .query(Balances::row)
                .optional()
                .orElse(new Balance(account, agreementId, currency, BigInteger.ZERO));
    }

    /** Those that are furthest from zero, the furthest first. */
    public List<Balance> largest(String currency, int limit) {
        return db.sql("select account, agreement_id, currency, units from balance where currency = ?"
                        + " order by abs(units) desc, account collate \"C\", agreement_id collate \"C\" limit ?")
                .params(currency, limit)
                .query(Balances::row)
                .list();
    }

    /** The sum of all postings per currency: zero, or the books are broken. */
    public Map<String, String> sums() {
        Map<String, String> sums = new TreeMap<>();
        db.sql("select currency, sum(units) from balance group by currency order by currency")
                .query(rs -> {
                    String currency = rs.getString(1);
                    BigDecimal units = rs.getBigDecimal(2);
                    sums.put(
                            currency,
                            new BigDecimal(units.toBigIntegerExact(), Currencies.digits(currency)).toPlainString());
                });
        return sums;
    }

    private static Balance row(ResultSet row, int n) throws SQLException {
        return new Balance(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getBigDecimal(4).toBigIntegerExact());
    }
}
