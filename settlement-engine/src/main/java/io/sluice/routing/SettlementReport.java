package io.sluice.routing;

import io.sluice.money.Money;
import io.sluice.platform.Rejection;
import io.sluice.routing.RuleDocument.Basis;
import java.time.LocalDate;
import java.util.regex.Pattern;

/**
 * What a platform says that one deposit came from. Minor units; what is sold is told as a positive amount, and so is what is taken from it.
 *
 * @param reportId the platform's
 * @param platformReserveUnits what the platform newly keeps back; below zero where it gives back what it kept
 * @param depositDate on which the platform sent it
 */
record SettlementReport(
        String platform,
        String reportId,
        String currency,
        long grossSalesUnits,
        long refundsUnits,
        long feesUnits,
        long platformReserveUnits,
        long depositUnits,
        LocalDate depositDate) {

    private static final int MOST_SHOWN = 64;

    private static final Pattern NAME = Pattern.compile("\\P{Cntrl}{1,64}");

    SettlementReport {
        named("platform", platform);
        named("reportId", reportId);
        least("grossSales", grossSalesUnits, currency);
        least("refunds", refundsUnits, currency);
        long expected = Math.subtractExact(
                Math.subtractExact(Math.subtractExact(grossSalesUnits, refundsUnits), feesUnits), platformReserveUnits);
        if (expected != depositUnits) {
            throw new Rejection(
                    "report-contradicts-itself",
                    "deposit: found " + Money.of(depositUnits, currency) + ", expected " + Money.of(expected, currency)
                            + ", which is grossSales less refunds, fees and platformReserve");
        }
        if (depositUnits <= 0) {
            throw new Rejection(
                    "report-invalid",
                    "deposit: found " + Money.of(depositUnits, currency) + ", expected more than nothing");
        }
    }

    private static void named(String field, String text) {
        if (text.isBlank() || !NAME.matcher(text).matches()) {
            throw new Rejection(
                    "report-invalid",
                    field + ": found \"" + (text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text)
                            + "\", expected 1 to 64 characters, none of them a control character");
        }
    }

    private static void least(String field, long units, String currency) {
        if (units < 0) {
            throw new Rejection(
                    "report-invalid", field + ": found " + Money.of(units, currency) + ", expected nothing or more");
        }
    }

    /** What portions of the basis are of. */
    long base(Basis basis) {
        return switch (basis) {
            case CASH_RECEIVED -> depositUnits;
            case NET_OF_REFUNDS -> Math.subtractExact(grossSalesUnits, refundsUnits);
            case GROSS_SALES -> grossSalesUnits;
        };
    }
}
