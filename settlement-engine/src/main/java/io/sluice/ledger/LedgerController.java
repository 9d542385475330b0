package io.sluice.ledger;

import io.sluice.ledger.Books.AccountStatement;
import io.sluice.ledger.Books.By;
import io.sluice.ledger.Books.Extract;
import io.sluice.ledger.Books.TrialBalance;
import io.sluice.money.Currencies;
import io.sluice.money.Money;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Page;
import io.sluice.platform.Rejection;
import io.sluice.routing.Agreements;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /api/v1/ledger}: the books, to be read. Debit balances are positive. {@code by} is {@code value} (default) or {@code booking}: the
 * date that decides what is in.
 */
@RestController
class LedgerController {

    private final Books books;
    private final Explanations explanations;
    private final Balances balances;
    private final Agreements agreements;
    private final BusinessClock clock;

    LedgerController(
            Books books, Explanations explanations, Balances balances, Agreements agreements, BusinessClock clock) {
        this.agreements = agreements;
        this.balances = balances;
        this.books = books;
        this.explanations = explanations;
        this.clock = clock;
    }

    /** As of the end of a day; without one, of today in business time. {@code at}: only what was recorded by then. */
    @GetMapping("/api/v1/ledger/trial-balance")
    TrialBalance trialBalance(
            @RequestParam(required = false) @Nullable String asOf,
            @RequestParam(defaultValue = "value") String by,
            @RequestParam(required = false) @Nullable String at) {
        LocalDate last = day("asOf", asOf, clock.today());
        return at == null ? books.trialBalance(last, by(by)) : books.trialBalance(last, by(by), instant("at", at));
    }

    /** One account's balance in one currency at the end of a day; without a day, now, over all agreements. */
    @GetMapping(value = "/api/v1/ledger/balances", params = "account")
    Money balance(
            @RequestParam String account,
            @RequestParam String currency,
            @RequestParam(required = false) @Nullable String asOf,
            @RequestParam(defaultValue = "value") String by) {
        Currencies.digits(currency);
        return books.balance(account, currency, day("asOf", asOf, LocalDate.of(9999, 12, 31)), by(by));
    }

    /** The balances of one currency that are furthest from zero. */
    @GetMapping("/api/v1/ledger/balances")
    Map<String, List<Books.Line>> balances(
            @RequestParam String currency, @RequestParam(defaultValue = "100") int limit) {
        Currencies.digits(currency);
        return Map.of(
                "items",
                balances.largest(currency, Page.limit(limit)).stream()
                        .map(one -> new Books.Line(
                                one.account(),
                                one.agreementId().equals(Lines.NO_AGREEMENT) ? null : one.agreementId(),
                                one.money()))
                        .toList());
    }

    /** An account's postings in one currency, of all agreements or of one, both days included; without days, of today. */
    @GetMapping("/api/v1/ledger/postings")
    AccountStatement postings(
            @RequestParam String account,
            @RequestParam String currency,
            @RequestParam(required = false) @Nullable String agreement,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "value") String by,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(defaultValue = "100") int limit) {
        return books.statement(
                extract(account, currency, agreement, from, to, by), Books.Place.after(cursor), Page.limit(limit));
    }

    /** @throws Rejection {@code no-such-agreement} */
    Extract extract(
            String account,
            String currency,
            @Nullable String agreement,
            @Nullable String from,
            @Nullable String to,
            String by) {
        Currencies.digits(currency);
        Days days = days(from, to);
        if (agreement != null && agreements.find(agreement).isEmpty()) {
            throw new Rejection(
                    "no-such-agreement", "agreement: found \"" + agreement + "\", expected an agreement that there is");
        }
        return new Extract(account, currency, agreement, days.first(), days.last(), by(by));
    }

    /** Every posting in order, both days included; without days, of today. */
    @GetMapping("/api/v1/ledger/journal")
    Page<Books.JournalPosting> journal(
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(defaultValue = "booking") String by,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(defaultValue = "100") int limit) {
        Days days = days(from, to);
        return books.journal(days.first(), days.last(), by(by), Books.Place.after(cursor), Page.limit(limit));
    }

    /** Why a leg is of the amount that it is: every source of it, in words of the language that is asked for. */
    @GetMapping("/api/v1/legs/{id}/explanation")
    Explanations.Explanation explanation(@PathVariable UUID id, Locale language) {
        return explanations.of(id, language);
    }

    private Days days(@Nullable String from, @Nullable String to) {
        return Days.of(from, to, clock.today());
    }

    /** Both included. */
    record Days(LocalDate first, LocalDate last) {

        static Days of(@Nullable String from, @Nullable String to, LocalDate today) {
            LocalDate first = day("from", from, today);
            LocalDate last = day("to", to, from == null ? today : first);
            if (last.isBefore(first)) {
                throw new IllegalArgumentException("to: found " + last + ", expected " + first + " or later");
            }
            return new Days(first, last);
        }
    }

    static By by(String asked) {
        return switch (asked.toLowerCase(Locale.ROOT)) {
            case "value" -> By.VALUE_DATE;
            case "booking" -> By.BOOKING_DATE;
            default -> throw new IllegalArgumentException("by: found " + asked + ", expected value or booking");
        };
    }

    static LocalDate day(String name, @Nullable String asked, LocalDate otherwise) {
        try {
            return asked == null ? otherwise : LocalDate.parse(asked);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(name + ": found " + asked + ", expected a day such as 2026-11-23");
        }
    }

    static Instant instant(String name, String asked) {
        try {
            return Instant.parse(asked);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    name + ": found " + asked + ", expected an instant such as 2026-11-23T09:00:00Z");
        }
    }
}
