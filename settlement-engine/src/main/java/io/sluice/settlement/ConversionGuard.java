package io.sluice.settlement;

import io.sluice.money.Currencies;
import io.sluice.money.Money;
import io.sluice.money.Portion;
import io.sluice.platform.Hashes;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import io.sluice.policies.WorkList;
import io.sluice.routing.RoyaltyLimits.Conversion;
import io.sluice.routing.RuleDesk;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Keeps money from becoming coins at a price that the rule of its distribution does not allow. A coin that is too far from its currency is
 * not bought: the money stays on the trust account, quotes are asked for again, and a person can let through what was quoted. Where fewer
 * coins come than were promised, they are not paid out until a person says so, since what is paid on chain never comes back.
 */
@Component
public class ConversionGuard implements WorkList.Approvable {

    private static final String KIND = "CONVERSION";
    private static final String ITEM = "CONVERSION-";
    private static final int ID_LENGTH = 36;

    /** What was stopped last. {@code executed}: null where nothing was bought. */
    private record Stop(
            int times,
            BigInteger quoted,
            @Nullable BigInteger executed,
            boolean isOpen,
            @Nullable String approvedBy) {}

    /** So much bank money, in minor units, for which coins are quoted. */
    private record Deal(UUID orderId, long units, String currency) {

        Money money() {
            return Money.of(units, currency);
        }

        /** One coin for one main unit of the currency, in the coin's smallest units and those of the currency. */
        private BigInteger par() {
            return BigInteger.valueOf(units).multiply(scale(Currencies.stablecoinOf(currency)));
        }

        /** How far from {@link #par}, either way. */
        private BigInteger off(BigInteger tokenUnits) {
            return tokenUnits.multiply(scale(currency)).subtract(par()).abs();
        }

        boolean isWithin(Portion depeg, BigInteger tokenUnits) {
            return off(tokenUnits).multiply(depeg.denominator()).compareTo(par().multiply(depeg.numerator())) <= 0;
        }

        boolean isWorse(BigInteger tokenUnits, BigInteger than) {
            return off(tokenUnits).compareTo(off(than)) > 0;
        }

        /** Whole coins for one main unit, for people. */
        String price(BigInteger tokenUnits) {
            return new BigDecimal(tokenUnits.multiply(scale(currency)))
                    .divide(new BigDecimal(par()), 6, RoundingMode.HALF_EVEN)
                    .toPlainString();
        }

        private static BigInteger scale(String currency) {
            return BigInteger.TEN.pow(Currencies.digits(currency));
        }
    }

    private final JdbcClient db;
    private final RuleDesk rules;
    private final WorkList work;
    private final Outbox outbox;
    private final Transactions transactions;
    private final Conversion house;

    ConversionGuard(
            JdbcClient db,
            RuleDesk rules,
            WorkList work,
            Outbox outbox,
            Transactions transactions,
            SettlementSettings settings) {
        this.db = db;
        this.rules = rules;
        this.work = work;
        this.outbox = outbox;
        this.transactions = transactions;
        this.house = settings.conversion();
    }

    /**
     * Why no coins may be bought for an order at this quote; empty when they may. What is stopped is told to a person, again only when the
     * quotes get worse.
     *
     * @param units of bank money, in minor units
     * @param quoted smallest units of the coin
     */
    public Optional<String> stops(UUID orderId, long units, String currency, BigInteger quoted) {
        Deal deal = new Deal(orderId, units, currency);
        Portion depeg = bounds(orderId).depeg();
        return transactions.in(() -> {
            Stop last = last(orderId);
            boolean isApproved = last != null && last.approvedBy() != null && !deal.isWorse(quoted, last.quoted());
            if (isApproved || deal.isWithin(depeg, quoted)) {
                close(orderId, last);
                return Optional.empty();
            }
            String price = "1 " + currency + " buys " + deal.price(quoted) + " coins";
            if (last == null || !last.isOpen() || deal.isWorse(quoted, last.quoted())) {
                close(orderId, last);
                stop(
                        deal,
                        quoted,
                        null,
                        last,
                        "No coins were bought for " + deal.money() + ": " + price
                                + " by the bank's quote, and the agreement's rule"
                                + " allows " + depeg
                                + " off par. The money waits where it is, and goes by itself once a quote is"
                                + " within that. Approve to buy at this quote or a better one all the same.");
            }
            return Optional.of("outside the guard: " + price + ", " + depeg + " off par allowed");
        });
    }

    /** Coins were bought. Where they are too few, those who wait for them are not paid yet. In the caller's transaction. */
    void executed(UUID orderId, long units, String currency, BigInteger quoted, BigInteger executed) {
        Portion slippage = bounds(orderId).slippage();
        if (quoted.subtract(executed).multiply(slippage.denominator()).compareTo(quoted.multiply(slippage.numerator()))
                > 0) {
            Deal deal = new Deal(orderId, units, currency);
            stop(
                    deal,
                    quoted,
                    executed,
                    last(orderId),
                    "The bank quoted " + deal.price(quoted) + " coins for 1 " + currency + " and gave "
                            + deal.price(executed)
                            + " for " + deal.money() + "; the agreement's rule allows " + slippage
                            + " less. Nobody is paid of them yet: claim the rest from the bank, and approve to pay what is there.");
        }
    }

    /** Whether what was bought waits for a person. */
    boolean holds(UUID orderId) {
        Stop last = last(orderId);
        return last != null && last.executed() != null && last.isOpen();
    }

    private Conversion bounds(UUID orderId) {
        return db.sql("select rule_hash from instruction where order_id = ? and rule_hash is not null limit 1")
                .param(orderId)
                .query(String.class)
                .optional()
                .flatMap(rules::conversion)
                .orElse(house);
    }

    private @Nullable Stop last(UUID orderId) {
        return db.sql(
                        "select times, quoted, executed, open, approved_by from conversion_stop where order_id = ? for update")
                .param(orderId)
                .query((rs, n) -> new Stop(
                        rs.getInt(1),
                        rs.getBigDecimal(2).toBigIntegerExact(),
                        rs.getBigDecimal(3) == null ? null : rs.getBigDecimal(3).toBigIntegerExact(),
                        rs.getBoolean(4),
                        rs.getString(5)))
                .optional()
                .orElse(null);
    }

    private void stop(Deal deal, BigInteger quoted, @Nullable BigInteger executed, @Nullable Stop last, String words) {
        int times = last == null ? 1 : last.times() + 1;
        db.sql("insert into conversion_stop (order_id, times, quoted, executed, open) values (?, ?, ?, ?, true)"
                        + " on conflict (order_id) do update set times = excluded.times, quoted = excluded.quoted,"
                        + " executed = excluded.executed, open = true, approved_by = null")
                .param(deal.orderId())
                .param(times)
                .param(new BigDecimal(quoted))
                .param(executed == null ? null : new BigDecimal(executed))
                .update();
        work.open(
                item(deal.orderId(), times),
                KIND,
                Hashes.sha256(deal.orderId() + "|" + quoted + "|" + executed),
                words,
                "engine");
    }

    private void close(UUID orderId, @Nullable Stop last) {
        if (last != null && last.isOpen()) {
            db.sql("update conversion_stop set open = false where order_id = ?")
                    .param(orderId)
                    .update();
            work.withdraw(item(orderId, last.times()));
        }
    }

    private static String item(UUID orderId, int times) {
        return ITEM + orderId + "-" + times;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void approve(String itemId, String hash, String approver) {
        UUID orderId = UUID.fromString(itemId.substring(ITEM.length(), ITEM.length() + ID_LENGTH));
        Stop last = last(orderId);
        if (last == null || !last.isOpen() || !item(orderId, last.times()).equals(itemId)) {
            throw new Rejection("not-held", "This conversion is not held back any more");
        }
        db.sql("update conversion_stop set open = false, approved_by = ? where order_id = ?")
                .params(approver, orderId)
                .update();
        if (last.executed() == null) {
            outbox.hasten(orderId);
        } else {
            db.sql(
                            "select c.order_id from payment_order o join token_arrival t on t.transaction_hash = o.transaction_hash"
                                    + " and t.token_units = o.token_units join payment_order c on c.funded_by = o.order_id"
                                    + " where o.order_id = ?")
                    .param(orderId)
                    .query(UUID.class)
                    .optional()
                    .ifPresent(outbox::ready);
        }
    }
}
