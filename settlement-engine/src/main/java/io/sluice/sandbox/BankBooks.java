package io.sluice.sandbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Accounts and movements. Every movement debits one account and credits another, in one transaction with both balances, so that the
 * balances of a currency always sum to zero; the outside world is a nostro account per currency. A customer's account never goes
 * below zero. The bank's day is a state of its books, not a reading of the clock: what is booked before the day is closed stands on
 * that day's statement, what comes after on the next one's.
 */
final class BankBooks {

    private static final String DAY = "bank.day";

    private final BankDatabase database;
    private final Clock business;
    private final WebhookOutbox outbox;
    private volatile BankTerms terms;

    BankBooks(BankDatabase database, Clock business, WebhookOutbox outbox, BankTerms terms) {
        this.database = database;
        this.business = business;
        this.outbox = outbox;
        this.terms = terms;
        if (database.setting(DAY).isEmpty()) {
            database.setting(
                    DAY,
                    BusinessClock.businessDay(LocalDate.ofInstant(business.instant(), ZoneOffset.UTC))
                            .toString());
        }
    }

    BankTerms terms() {
        return terms;
    }

    void terms(BankTerms changed) {
        terms = changed;
    }

    /** An account as the books have it. */
    record Account(
            String account, String name, String currency, String kind, boolean told, boolean open, long balance) {}

    /** Opens a customer's account; one that is there stays as it is. {@code notify}: credits are told by webhook. */
    void open(String account, String name, String currency, boolean notify) {
        Units.decimals(currency);
        database.change(connection -> {
            for (String kind : List.of("NOSTRO", "ISSUER", "CHARGES")) {
                insert(
                        connection,
                        kind + "-" + currency,
                        "Meridian Bank " + kind.toLowerCase(java.util.Locale.ROOT),
                        currency,
                        kind,
                        false);
            }
            return insert(connection, account, name, currency, "CUSTOMER", notify);
        });
    }

    /**
     * Money from another bank for one of ours. The same deposit is booked once, however often it is sent.
     *
     * @param depositId the sender's own reference, which is also the EndToEndId
     * @return whether it was new
     */
    boolean deposit(
            String depositId, String account, long units, String payerName, String payerAccount, String remittance) {
        return database.change(connection -> {
            if (BankDatabase.number(connection, "select count(*) from deposit where deposit_id = ?", depositId) > 0) {
                return false;
            }
            Account credited =
                    account(connection, account).orElseThrow(() -> new SandboxFailure("No account " + account));
            long movement = post(
                    connection,
                    new Posting("DEPOSIT", "NOSTRO-" + credited.currency(), account, units, credited.currency())
                            .endToEnd(depositId)
                            .other(payerName, payerAccount)
                            .remittance(remittance));
            BankDatabase.update(connection, "insert into deposit values (?, ?)", depositId, movement);
            return true;
        });
    }

    Optional<Account> account(Connection connection, String account) throws SQLException {
        return BankDatabase.first(
                connection,
                "select account, name, currency, kind, notify, open, balance from account where account = ?",
                row -> new Account(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getBoolean(5),
                        row.getBoolean(6),
                        row.getLong(7)),
                account);
    }

    /** What to book. */
    record Posting(
            String kind,
            String debit,
            String credit,
            long units,
            String currency,
            @Nullable String endToEndId,
            @Nullable String otherName,
            @Nullable String otherAccount,
            @Nullable String remittance,
            @Nullable String returnReason) {

        Posting(String kind, String debit, String credit, long units, String currency) {
            this(kind, debit, credit, units, currency, null, null, null, null, null);
        }

        Posting endToEnd(@Nullable String id) {
            return new Posting(
                    kind, debit, credit, units, currency, id, otherName, otherAccount, remittance, returnReason);
        }

        Posting other(@Nullable String name, @Nullable String account) {
            return new Posting(
                    kind, debit, credit, units, currency, endToEndId, name, account, remittance, returnReason);
        }

        Posting remittance(@Nullable String text) {
            return new Posting(
                    kind, debit, credit, units, currency, endToEndId, otherName, otherAccount, text, returnReason);
        }

        Posting returned(String reason) {
            return new Posting(
                    kind, debit, credit, units, currency, endToEndId, otherName, otherAccount, remittance, reason);
        }
    }

    /**
     * Books a movement and, where the credited account is told of credits or money comes back, remembers to tell. Throws {@link
     * SQLException} where the debited customer has not enough.
     */
    long post(Connection connection, Posting posting) throws SQLException {
        long movement = BankDatabase.number(
                connection,
                "insert into movement (kind, debit_account, credit_account, units, currency, booked_at, booking_date, end_to_end_id,"
                        + " other_name, other_account, remittance, return_reason) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " returning movement_id",
                posting.kind(),
                posting.debit(),
                posting.credit(),
                posting.units(),
                posting.currency(),
                Timestamp.from(business.instant()),
                day(connection),
                posting.endToEndId(),
                posting.otherName(),
                posting.otherAccount(),
                posting.remittance(),
                posting.returnReason());
        BankDatabase.update(
                connection,
                "update account set balance = balance - ? where account = ?",
                posting.units(),
                posting.debit());
        BankDatabase.update(
                connection,
                "update account set balance = balance + ? where account = ?",
                posting.units(),
                posting.credit());
        boolean told = posting.kind().equals("RETURN")
                || (posting.kind().equals("DEPOSIT")
                        && account(connection, posting.credit())
                                .map(Account::told)
                                .orElse(false));
        if (told) {
            outbox.tell(
                    connection,
                    terms,
                    "transaction.booked",
                    business.instant(),
                    side(connection, movement, posting.credit()).json());
        }
        return movement;
    }

    /** The movement as that account sees it. */
    Movement side(Connection connection, long movement, String account) throws SQLException {
        return BankDatabase.first(
                        connection,
                        "select " + Movement.COLUMNS + Movement.FROM + "where m.movement_id = ? and a.account = ?",
                        Movement::of,
                        movement,
                        account)
                .orElseThrow();
    }

    /** The day that is being booked. */
    LocalDate day() {
        return database.read(BankBooks::day);
    }

    static LocalDate day(Connection connection) throws SQLException {
        return BankDatabase.first(
                        connection,
                        "select value from setting where name = ?",
                        row -> LocalDate.parse(row.getString(1)),
                        DAY)
                .orElseThrow();
    }

    /** New books begin with that day, whatever the clock says; others go on. */
    static void beginOn(BankDatabase database, LocalDate day) {
        if (database.setting(DAY).isEmpty()) {
            database.setting(DAY, day.toString());
        }
    }

    static void day(Connection connection, LocalDate next) throws SQLException {
        BankDatabase.keep(connection, DAY, next.toString());
    }

    /** GET /v1/accounts. */
    ObjectNode accounts() {
        ArrayNode accounts = Json.array();
        database.read(connection -> BankDatabase.list(
                        connection,
                        "select account, currency, balance, name from account where kind = 'CUSTOMER' order by account",
                        row -> Json.object()
                                .put("account", row.getString(1))
                                .put("currency", row.getString(2))
                                .put("booked", Units.text(row.getLong(3), row.getString(2)))
                                .put("name", row.getString(4))))
                .forEach(accounts::add);
        ObjectNode answer = Json.object();
        answer.set("accounts", accounts);
        return answer;
    }

    /** GET /v1/transactions: what was booked on an account after a transaction, oldest first, at most 500. */
    ObjectNode transactions(String account, String after) {
        long from = after.isEmpty() ? 0 : Movement.idOf(after);
        ArrayNode transactions = Json.array();
        database.read(connection -> BankDatabase.list(
                        connection,
                        "select " + Movement.COLUMNS + Movement.FROM
                                + "where a.account = ? and a.kind = 'CUSTOMER' and m.movement_id > ? order by m.movement_id limit 500",
                        Movement::of,
                        account,
                        from))
                .forEach(movement -> transactions.add(movement.json()));
        ObjectNode answer = Json.object();
        answer.set("transactions", transactions);
        return answer;
    }

    private static int insert(
            Connection connection, String account, String name, String currency, String kind, boolean notify)
            throws SQLException {
        return BankDatabase.update(
                connection,
                "insert into account (account, name, currency, kind, notify) values (?, ?, ?, ?, ?) on conflict do nothing",
                account,
                name,
                currency,
                kind,
                notify);
    }
}
