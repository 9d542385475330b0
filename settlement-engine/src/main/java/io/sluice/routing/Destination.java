package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Where a leg goes, as a rule document writes it. */
public enum Destination {
    PLATFORM_FEES("fees.platform"),
    TRUSTEE_FEES("fees.trustee"),
    /** What tax law has a payer withhold from the merchant. */
    TAX_WITHHELD("tax.withheld"),
    /** Royalty that another rights holder is due out of the same sales. */
    UPSTREAM_ROYALTY("royalty.upstream"),
    ROYALTY_POOL("royalty.pool"),
    /** Royalty that stays back for refunds. */
    RETURNS_RESERVE("royalty.returns-reserve"),
    CASH_RESERVE("cash.reserve"),
    /** The merchant's, and held while a trigger is on. */
    MERCHANT_TRAPPED("merchant.trapped"),
    /** The merchant's, and held until the deposit's platform has reported. */
    MERCHANT_UNTIL_REPORT("merchant.until-report"),
    MERCHANT_RESIDUAL("merchant.residual");

    private final String text;

    Destination(String text) {
        this.text = text;
    }

    @JsonCreator
    /** @throws IllegalArgumentException when no destination is written so */
    public static Destination parse(String text) {
        for (Destination destination : values()) {
            if (destination.text.equals(text)) {
                return destination;
            }
        }
        throw new IllegalArgumentException("A destination is one of "
                + Arrays.stream(values()).map(Destination::text).collect(Collectors.joining(", ")) + ", was \"" + text
                + "\"");
    }

    @JsonValue
    public String text() {
        return text;
    }

    /** Whether what goes there stays on the collection account until a later inflow gives it up. */
    public boolean isHeld() {
        return this == RETURNS_RESERVE
                || this == CASH_RESERVE
                || this == MERCHANT_TRAPPED
                || this == MERCHANT_UNTIL_REPORT;
    }

    /** Whether the rule document names who is paid. */
    public boolean needsPayee() {
        return this == TRUSTEE_FEES || this == TAX_WITHHELD || this == UPSTREAM_ROYALTY;
    }
}
