package io.sluice.sandbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Closes the bank's day: one statement for each customer's account that has a balance or a movement, whose opening balance is the
 * closing balance of the statement before, and whose entries are the whole difference.
 */
final class StatementDesk {

    private final BankDatabase database;
    private final BankBooks books;
    private final TransferDesk transfers;
    private final WebhookOutbox outbox;
    private final Clock business;

    StatementDesk(
            BankDatabase database, BankBooks books, TransferDesk transfers, WebhookOutbox outbox, Clock business) {
        this.database = database;
        this.books = books;
        this.transfers = transfers;
        this.outbox = outbox;
        this.business = business;
    }

    private record Closing(String account, String name, String currency, long balance, long opening, int sequence) {}

    /** Makes the statements of the day {@code expected} and opens the next business day; nothing happens when that day is closed. */
    int closeDay(LocalDate expected) {
        return database.change(connection -> {
            LocalDate day = BankBooks.day(connection);
            if (!day.equals(expected)) {
                return 0;
            }
            transfers.settle(connection);
            int made = 0;
            for (Closing closing : accounts(connection)) {
                List<Movement> movements = BankDatabase.list(
                        connection,
                        "select " + Movement.COLUMNS + Movement.FROM
                                + "where a.account = ? and m.booking_date = ? order by m.movement_id",
                        Movement::of,
                        closing.account(),
                        day);
                if (closing.balance() != 0 || !movements.isEmpty()) {
                    make(connection, closing, day, movements);
                    made++;
                }
            }
            BankBooks.day(connection, BusinessClock.businessDay(day.plusDays(1)));
            return made;
        });
    }

    private static List<Closing> accounts(Connection connection) throws SQLException {
        return BankDatabase.list(
                connection,
                "select a.account, a.name, a.currency, a.balance, coalesce(s.closing, 0), coalesce(s.sequence, 0) from account a"
                        + " left join lateral (select closing, sequence from statement where account = a.account"
                        + " order by sequence desc limit 1) s on true where a.kind = 'CUSTOMER' order by a.account",
                row -> new Closing(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getInt(6)));
    }

    private void make(Connection connection, Closing closing, LocalDate day, List<Movement> movements)
            throws SQLException {
        long sum = movements.stream()
                .mapToLong(movement -> movement.credit() ? movement.units() : -movement.units())
                .sum();
        if (closing.opening() + sum != closing.balance()) {
            throw new IllegalStateException("The statement of " + closing.account() + " for " + day
                    + " would not balance: " + closing.opening() + " + " + sum + " is not " + closing.balance());
        }
        long number =
                BankDatabase.number(connection, "select nextval(pg_get_serial_sequence('statement', 'statement_id'))");
        String id = statementId(number);
        byte[] document = new Camt053(
                        id,
                        closing.sequence() + 1,
                        closing.account(),
                        closing.name(),
                        closing.currency(),
                        day,
                        day.atTime(LocalTime.of(23, 59, 59)).toInstant(ZoneOffset.UTC),
                        closing.opening(),
                        closing.balance())
                .write(movements);
        BankDatabase.update(
                connection,
                "insert into statement (statement_id, account, day, sequence, opening, closing, document)"
                        + " overriding system value values (?, ?, ?, ?, ?, ?, ?)",
                number,
                closing.account(),
                day,
                closing.sequence() + 1,
                closing.opening(),
                closing.balance(),
                document);
        outbox.tell(
                connection,
                books.terms(),
                "statement.available",
                business.instant(),
                Json.object()
                        .put("statementId", id)
                        .put("account", closing.account())
                        .put("day", day.toString()));
    }

    /** GET /v1/statements?after=ID. */
    BankAnswer after(String statementId) {
        if (!statementId.isEmpty() && !statementId.matches("STM[0-9]{10}")) {
            return BankAnswer.error(400, "malformed", "No statement id: " + statementId);
        }
        ArrayNode statements = Json.array();
        database.read(connection -> BankDatabase.list(
                        connection,
                        "select statement_id, account, day from statement where statement_id > ? order by statement_id limit 500",
                        row -> Json.object()
                                .put("statementId", statementId(row.getLong(1)))
                                .put("account", row.getString(2))
                                .put("day", row.getObject(3, LocalDate.class).toString()),
                        statementId.isEmpty() ? 0L : Long.parseLong(statementId.substring(3))))
                .forEach(statements::add);
        ObjectNode answer = Json.object();
        answer.set("statements", statements);
        return new BankAnswer(200, Json.write(answer));
    }

    /** GET /v1/statements/ID. */
    BankAnswer document(String statementId) {
        if (!statementId.matches("STM[0-9]{10}")) {
            return BankAnswer.error(404, "not_found", "No statement " + statementId);
        }
        return database.read(connection -> BankDatabase.first(
                        connection,
                        "select document from statement where statement_id = ?",
                        row -> new BankAnswer(200, "application/xml", row.getBytes(1)),
                        Long.parseLong(statementId.substring(3)))
                .orElseGet(() -> BankAnswer.error(404, "not_found", "No statement " + statementId)));
    }

    private static String statementId(long number) {
        return "STM%010d".formatted(number);
    }
}
