package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.money.Money;
import io.sluice.platform.Rejection;
import java.security.Principal;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Platforms' settlement reports in the API. */
@RestController
class SettlementReportController {

    /**
     * @param platformReserve what the platform newly keeps back; below zero where it gives back
     * @param inflowId the deposit, where its amount and day do not tell it
     */
    record Report(
            @JsonProperty(required = true) String platform,
            @JsonProperty(required = true) String reportId,
            @JsonProperty(required = true) Money grossSales,
            @JsonProperty(required = true) Money refunds,
            @JsonProperty(required = true) Money fees,
            @JsonProperty(required = true) Money platformReserve,
            @JsonProperty(required = true) Money deposit,
            @JsonProperty(required = true) LocalDate depositDate,
            @Nullable UUID inflowId) {}

    /** @param estimatedBasis what royalty is counted of until the report comes */
    record Waiting(UUID inflowId, String storeId, Money deposit, LocalDate valueDate, Money estimatedBasis) {}

    record WaitingDeposits(List<Waiting> deposits) {}

    private final SettlementReports reports;
    private final ReportDesk desk;
    private final JsonMapper json = JsonMapper.builder().build();

    SettlementReportController(SettlementReports reports, ReportDesk desk) {
        this.reports = reports;
        this.desk = desk;
    }

    /** The first answer for the same report again. */
    @PostMapping("/api/v1/stores/{id}/settlement-reports")
    SettlementReports.Bridged take(@PathVariable String id, @RequestBody Report told, Principal reporter) {
        String currency = told.deposit().currency();
        return reports.take(
                id,
                new SettlementReport(
                        told.platform(),
                        told.reportId(),
                        currency,
                        units("grossSales", told.grossSales(), currency),
                        units("refunds", told.refunds(), currency),
                        units("fees", told.fees(), currency),
                        units("platformReserve", told.platformReserve(), currency),
                        units("deposit", told.deposit(), currency),
                        told.depositDate()),
                told.inflowId(),
                json.writeValueAsBytes(told),
                reporter.getName());
    }

    /**
     * A file in our format, or as Amazon, Shopify or Stripe export it ({@link ReportFormat}). A file that cannot be read is refused as a whole;
     * a payout that contradicts itself, or that no deposit fits, by itself.
     */
    @PostMapping(
            path = "/api/v1/stores/{id}/settlement-report-files",
            consumes = {"text/csv", "text/tab-separated-values"})
    ReportDesk.TakenFile takeFile(@PathVariable String id, @RequestBody byte[] body, Principal reporter) {
        return desk.take(id, body, reporter.getName());
    }

    private static long units(String field, Money amount, String currency) {
        if (!amount.currency().equals(currency)) {
            throw new Rejection(
                    "report-invalid",
                    field + ": found " + amount.currency() + ", expected " + currency + ", the deposit's");
        }
        if (amount.units().bitLength() > 62) {
            throw new Rejection("report-invalid", field + ": found " + amount + ", expected at most 2^62 minor units");
        }
        return amount.units().longValueExact();
    }

    /** Deposits whose basis is an estimate, the oldest first. */
    @GetMapping("/api/v1/settlement-reports/awaited")
    WaitingDeposits awaited(@RequestParam(defaultValue = "500") int limit) {
        return new WaitingDeposits(reports.awaited(Math.clamp(limit, 1, 500)).stream()
                .map(deposit -> new Waiting(
                        deposit.inflowId(),
                        deposit.storeId(),
                        Money.of(deposit.units(), deposit.currency()),
                        deposit.valueDate(),
                        Money.of(deposit.provisionalBase(), deposit.currency())))
                .toList());
    }
}
