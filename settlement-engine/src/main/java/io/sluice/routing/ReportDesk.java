package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sluice.money.Money;
import io.sluice.platform.Rejection;
import io.sluice.routing.SettlementReportController.Report;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Takes platforms' files of settlement reports in, payout by payout; people and machines use the same road. */
@Component
public class ReportDesk {

    /** What of a file was taken in, payout by payout. */
    public record TakenFile(String format, String fileSha256, List<TakenPayout> payouts, long pendingLines) {}

    /**
     * @param state TAKEN, REPEATED or REFUSED
     * @param code why it was refused, for machines
     * @param reason why it was refused, for people
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TakenPayout(
            String reportId,
            String state,
            @Nullable UUID inflowId,
            @Nullable Money estimatedBasis,
            @Nullable Money reportedBasis,
            @Nullable String code,
            @Nullable String reason) {}

    private final SettlementReports reports;
    private final JsonMapper json = JsonMapper.builder().build();

    ReportDesk(SettlementReports reports) {
        this.reports = reports;
    }

    /**
     * Keeps the file and bridges each payout that it reports.
     *
     * @throws Rejection {@code report-invalid} when the file cannot be read; a payout that is refused says so by itself
     */
    public TakenFile take(String storeId, byte[] body, String reporter) {
        ReportFile file = ReportFile.read(storeId, body);
        String sha256 = reports.keep(body);
        return new TakenFile(
                file.format().name(),
                sha256,
                file.payouts().stream()
                        .map(payout -> taken(storeId, payout, reporter))
                        .toList(),
                file.pending());
    }

    private TakenPayout taken(String storeId, ReportFile.Payout payout, String reporter) {
        try {
            SettlementReport report = payout.report();
            SettlementReports.Bridged bridged =
                    reports.take(storeId, report, null, json.writeValueAsBytes(told(report)), reporter);
            return new TakenPayout(
                    payout.reportId(),
                    bridged.repeated() ? "REPEATED" : "TAKEN",
                    bridged.inflowId(),
                    bridged.estimatedBasis(),
                    bridged.reportedBasis(),
                    null,
                    null);
        } catch (Rejection refused) {
            return new TakenPayout(
                    payout.reportId(),
                    "REFUSED",
                    null,
                    null,
                    null,
                    refused.type(),
                    String.valueOf(refused.getMessage()));
        }
    }

    /** As it would have been told without a file, so that it is the same report either way. */
    private static Report told(SettlementReport report) {
        return new Report(
                report.platform(),
                report.reportId(),
                Money.of(report.grossSalesUnits(), report.currency()),
                Money.of(report.refundsUnits(), report.currency()),
                Money.of(report.feesUnits(), report.currency()),
                Money.of(report.platformReserveUnits(), report.currency()),
                Money.of(report.depositUnits(), report.currency()),
                report.depositDate(),
                null);
    }
}
