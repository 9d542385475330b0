package io.sluice.ledger;

import io.sluice.ledger.Books.By;
import io.sluice.ledger.Books.Extract;
import io.sluice.ledger.Books.TrialBalance;
import io.sluice.platform.BusinessClock;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The books as tables, whole: XLSX by {@code ?format=xlsx}, CSV by {@code Accept: text/csv}, beside what the JSON routes take, without pages.
 */
@RestController
class ExportController {

    private static final String TRIAL_BALANCE = "/api/v1/ledger/trial-balance";
    private static final String POSTINGS = "/api/v1/ledger/postings";
    private static final String JOURNAL = "/api/v1/ledger/journal";
    private static final String COVERAGE = "/api/v1/ledger/coverage";
    private static final String XLSX = "format=xlsx";

    /** The answer: a whole table. */
    private interface Answer {

        /** @param file its name, without the ending */
        void table(String file, String title, List<String> columns, Consumer<Table> rows) throws IOException;
    }

    private interface Format {

        Table begin(OutputStream out, String title, List<String> columns);
    }

    private static final Logger log = LoggerFactory.getLogger(ExportController.class);

    private final Books books;
    private final LedgerController ledger;
    private final Coverage coverage;
    private final BusinessClock clock;

    ExportController(Books books, LedgerController ledger, Coverage coverage, BusinessClock clock) {
        this.books = books;
        this.ledger = ledger;
        this.coverage = coverage;
        this.clock = clock;
    }

    @GetMapping(value = TRIAL_BALANCE, params = XLSX)
    void trialBalance(
            @RequestParam(required = false) @Nullable String asOf,
            @RequestParam(defaultValue = "value") String by,
            @RequestParam(required = false) @Nullable String at,
            HttpServletResponse response)
            throws IOException {
        write(ledger.trialBalance(asOf, by, at), spreadsheet(response));
    }

    @GetMapping(value = TRIAL_BALANCE, produces = Csv.MEDIA_TYPE)
    void trialBalanceAsCsv(
            @RequestParam(required = false) @Nullable String asOf,
            @RequestParam(defaultValue = "value") String by,
            @RequestParam(required = false) @Nullable String at,
            HttpServletResponse response)
            throws IOException {
        write(ledger.trialBalance(asOf, by, at), csv(response));
    }

    private static void write(TrialBalance trial, Answer in) throws IOException {
        in.table(
                "trial-balance-" + trial.asOf(),
                "Trial balance",
                List.of("Account", "Agreement", "Currency", "Balance"),
                table -> trial.lines()
                        .forEach(line -> table.add(
                                line.account(),
                                line.agreementId(),
                                line.balance().currency(),
                                line.balance())));
    }

    @GetMapping(value = POSTINGS, params = XLSX)
    void postings(
            @RequestParam String account,
            @RequestParam String currency,
            @RequestParam(required = false) @Nullable String agreement,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "value") String by,
            HttpServletResponse response)
            throws IOException {
        statement(ledger.extract(account, currency, agreement, from, to, by), spreadsheet(response));
    }

    @GetMapping(value = POSTINGS, produces = Csv.MEDIA_TYPE)
    void postingsAsCsv(
            @RequestParam String account,
            @RequestParam String currency,
            @RequestParam(required = false) @Nullable String agreement,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "value") String by,
            HttpServletResponse response)
            throws IOException {
        statement(ledger.extract(account, currency, agreement, from, to, by), csv(response));
    }

    /** Its amounts, the opening balance as the first of them, add up to the closing balance. */
    private void statement(Extract of, Answer in) throws IOException {
        String account = of.account();
        String agreement = of.agreementId();
        String currency = of.currency();
        in.table(
                "account-statement-" + of.from() + "-" + of.to(),
                "Account statement",
                List.of(
                        "Value date",
                        "Booked on",
                        "Came late for",
                        "Agreement",
                        "Currency",
                        "Amount",
                        "Balance",
                        "Journal",
                        "Event"),
                table -> {
                    var closing = books.statement(
                            of,
                            opening -> table.add(
                                    of.from(),
                                    null,
                                    null,
                                    agreement,
                                    currency,
                                    opening,
                                    opening,
                                    account + ", opening balance"),
                            entry -> table.add(
                                    entry.valueDate(),
                                    entry.bookedOn(),
                                    entry.belongedTo(),
                                    entry.agreementId(),
                                    currency,
                                    entry.amount(),
                                    entry.balance(),
                                    entry.journalId(),
                                    entry.sourceEvent()));
                    table.add(of.to(), null, null, agreement, currency, null, closing, account + ", closing balance");
                });
    }

    @GetMapping(value = JOURNAL, params = XLSX)
    void journal(
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "booking") String by,
            HttpServletResponse response)
            throws IOException {
        journal(from, to, by, spreadsheet(response));
    }

    @GetMapping(value = JOURNAL, produces = Csv.MEDIA_TYPE)
    void journalAsCsv(
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "booking") String by,
            HttpServletResponse response)
            throws IOException {
        journal(from, to, by, csv(response));
    }

    private void journal(@Nullable String from, @Nullable String to, String by, Answer in) throws IOException {
        LedgerController.Days days = LedgerController.Days.of(from, to, clock.today());
        By which = LedgerController.by(by);
        in.table(
                "journal-" + days.first() + "-" + days.last(),
                "Journal",
                List.of(
                        "Booked on",
                        "Value date",
                        "Came late for",
                        "Journal",
                        "Line",
                        "Account",
                        "Agreement",
                        "Currency",
                        "Amount",
                        "Event",
                        "What happened"),
                table -> books.journal(
                        days.first(),
                        days.last(),
                        which,
                        posting -> table.add(
                                posting.bookedOn(),
                                posting.valueDate(),
                                posting.belongedTo(),
                                posting.journalId(),
                                posting.line(),
                                posting.account(),
                                posting.agreementId(),
                                posting.amount().currency(),
                                posting.amount(),
                                posting.sourceEvent(),
                                posting.sourceType())));
    }

    @GetMapping(value = COVERAGE, params = XLSX)
    void coverage(HttpServletResponse response) throws IOException {
        coverage(spreadsheet(response));
    }

    @GetMapping(value = COVERAGE, produces = Csv.MEDIA_TYPE)
    void coverageAsCsv(HttpServletResponse response) throws IOException {
        coverage(csv(response));
    }

    /** What each side is made of is in the trial balance, account by account. */
    private void coverage(Answer in) throws IOException {
        List<Coverage.Covered> covered = coverage.now();
        in.table(
                "coverage-" + clock.today(),
                "Coverage",
                List.of("Agreement", "Currency", "Owed", "Held", "Difference"),
                table -> covered.forEach(one -> table.add(
                        one.agreementId(), one.currency(), one.owedInAll(), one.heldInAll(), one.difference())));
    }

    @GetMapping(
            value = {TRIAL_BALANCE, POSTINGS, JOURNAL, COVERAGE},
            params = {"format", "format!=xlsx"})
    void otherFormat(@RequestParam String format) {
        throw new IllegalArgumentException("format: found \"" + format
                + "\", expected xlsx; without a format the answer is JSON or, by Accept: text/csv, CSV");
    }

    private static Answer spreadsheet(HttpServletResponse response) {
        return answer(response, Spreadsheet.MEDIA_TYPE, ".xlsx", Spreadsheet::new);
    }

    private static Answer csv(HttpServletResponse response) {
        return answer(
                response, Csv.MEDIA_TYPE + ";charset=UTF-8", ".csv", (out, title, columns) -> new Csv(out, columns));
    }

    /** A table that breaks off is answered as a problem, or, if some of it is under way, without an end, so that nobody takes it for whole. */
    private static Answer answer(HttpServletResponse response, String type, String ending, Format format) {
        return (file, title, columns, rows) -> {
            head(response, type, file + ending);
            try {
                Table table = format.begin(response.getOutputStream(), title, columns);
                rows.accept(table);
                table.finish();
            } catch (RuntimeException e) {
                if (response.isCommitted()) {
                    log.error("{} broke off", file, e);
                    throw new IOException(file + " broke off"); // which nobody answers: the server cuts
                }
                response.reset();
                throw e;
            }
        };
    }

    private static void head(HttpServletResponse response, String type, String file) {
        response.setContentType(type);
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + file + "\"");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
