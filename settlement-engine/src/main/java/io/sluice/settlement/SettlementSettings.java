package io.sluice.settlement;

import io.sluice.money.Money;
import io.sluice.money.Portion;
import io.sluice.routing.RoyaltyLimits.Conversion;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When and above what amount money goes out.
 *
 * @param cutOff business time of day (UTC) at which the day's sweeps, remittances and distributions are made
 * @param minimumPayout per currency and rail, such as {@code EUR-BANK: 1.00}: what a holder must be owed over all agreements before it is paid
 * @param depeg how far from its currency a coin may be quoted, such as {@code 1/200}, where the rule does not say it
 * @param slippage how much fewer coins than quoted may arrive, where the rule does not say it
 */
@ConfigurationProperties("sluice.settlement")
record SettlementSettings(
        @DefaultValue("16:00") LocalTime cutOff,
        @Nullable Map<String, String> minimumPayout,
        @DefaultValue("1/200") String depeg,
        @DefaultValue("1/1000") String slippage) {

    SettlementSettings {
        minimumPayout = minimumPayout == null ? Map.of() : Map.copyOf(minimumPayout);
        minimumPayout.forEach((key, amount) -> new Money(amount, currencyOf(key)));
    }

    /** Within what bounds money becomes coins, where the rule does not say it. */
    Conversion conversion() {
        return new Conversion(Portion.parse(depeg), Portion.parse(slippage));
    }

    /** In minor units; one minor unit where nothing is set. */
    long minimumUnits(String currency, String rail) {
        Map<String, String> set = new HashMap<>(minimumPayout == null ? Map.of() : minimumPayout);
        String amount = set.get(currency + "-" + rail);
        return amount == null ? 1 : new Money(amount, currency).units().longValueExact();
    }

    private static String currencyOf(String key) {
        return key.substring(0, Math.max(0, key.indexOf('-')));
    }
}
