package io.sluice.ledger;

import io.sluice.ledger.Books.AccountStatement;
import io.sluice.ledger.Books.By;
import io.sluice.ledger.Books.TrialBalance;
import io.sluice.ledger.LedgerController.Days;
import io.sluice.money.Currencies;
import io.sluice.platform.BusinessClock;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The books as XLSX, whole: {@code ?format=xlsx} beside what the JSON routes take, without pages. */
@RestController
class SpreadsheetController {

    private static final String FORMAT = "format=xlsx";

    private final Books books;
    private final BusinessClock clock;

    SpreadsheetController(Books books, BusinessClock clock) {
        this.books = books;
        this.clock = clock;
    }

    @GetMapping(value = "/api/v1/ledger/trial-balance", params = FORMAT)
    void trialBalance(
            @RequestParam(required = false) @Nullable String asOf,
            @RequestParam(defaultValue = "value") String by,
            @RequestParam(required = false) @Nullable String at,
            HttpServletResponse response)
            throws IOException {
        LocalDate day = LedgerController.day("asOf", asOf, clock.today());
        By which = LedgerController.by(by);
        TrialBalance trial = at == null
                ? books.trialBalance(day, which)
                : books.trialBalance(day, which, LedgerController.instant("at", at));
        try (Spreadsheet sheet = begin(
                response,
                "trial-balance-" + day,
                "Trial balance",
                List.of("Account", "Agreement", "Currency", "Balance"))) {
            trial.lines()
                    .forEach(line -> sheet.add(
                            line.account(), line.agreementId(), line.balance().currency(), line.balance()));
        }
    }

    @GetMapping(value = "/api/v1/ledger/postings", params = FORMAT)
    void postings(
            @RequestParam String account,
            @RequestParam String currency,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "value") String by,
            HttpServletResponse response)
            throws IOException {
        Currencies.digits(currency);
        Days days = Days.of(from, to, clock.today());
        By which = LedgerController.by(by);
        try (Spreadsheet sheet = begin(
                response,
                "account-statement-" + days.first() + "-" + days.last(),
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
                        "Event"))) {
            AccountStatement statement = books.statement(
                    account,
                    currency,
                    days.first(),
                    days.last(),
                    which,
                    entry -> sheet.add(
                            entry.valueDate(),
                            entry.bookedOn(),
                            entry.belongedTo(),
                            entry.agreementId(),
                            currency,
                            entry.amount(),
                            entry.balance(),
                            entry.journalId(),
                            entry.sourceEvent()));
            sheet.add(
                    days.last(), null, null, null, currency, null, statement.closing(), account + ", closing balance");
        }
    }

    @GetMapping(value = "/api/v1/ledger/journal", params = FORMAT)
    void journal(
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "booking") String by,
            HttpServletResponse response)
            throws IOException {
        Days days = Days.of(from, to, clock.today());
        By which = LedgerController.by(by);
        try (Spreadsheet sheet = begin(
                response,
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
                        "What happened"))) {
            books.journal(
                    days.first(),
                    days.last(),
                    which,
                    posting -> sheet.add(
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
                            posting.sourceType()));
        }
    }

    private static Spreadsheet begin(HttpServletResponse response, String file, String name, List<String> columns)
            throws IOException {
        response.setContentType(Spreadsheet.MEDIA_TYPE);
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + file + ".xlsx\"");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        return new Spreadsheet(response.getOutputStream(), name, columns);
    }
}
