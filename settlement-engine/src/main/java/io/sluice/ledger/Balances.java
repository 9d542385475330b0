package io.sluice.ledger;

import io.sluice.money.Currencies;
import io.sluice.money.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
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
                .query((rs, n) -> new Balance(
                        rs.getString(1),
                        rs.getString(2),
                        rs.getString(3),
                        rs.getBigDecimal(4).toBigIntegerExact()))
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
}
