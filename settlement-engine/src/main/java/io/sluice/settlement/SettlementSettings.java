package io.sluice.settlement;

import io.sluice.money.Money;
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
 */
@ConfigurationProperties("sluice.settlement")
record SettlementSettings(
        @DefaultValue("16:00") LocalTime cutOff, @Nullable Map<String, String> minimumPayout) {

    SettlementSettings {
        minimumPayout = minimumPayout == null ? Map.of() : Map.copyOf(minimumPayout);
        minimumPayout.forEach((key, amount) -> new Money(amount, currencyOf(key)));
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
