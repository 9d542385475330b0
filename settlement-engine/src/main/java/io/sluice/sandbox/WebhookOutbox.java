package io.sluice.sandbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the bank still has to tell, written in the transaction of what happened, and told until the engine has said 2xx. The bytes of
 * an event never change; each attempt has a timestamp and a signature of its own.
 */
final class WebhookOutbox {

    private static final Duration LATE = Duration.ofMillis(700);
    private static final Duration[] RETRIES = {
        Duration.ofMillis(300),
        Duration.ofMillis(700),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };
    private static final Duration REPEAT_AFTER = Duration.ofMillis(250);

    private final BankDatabase database;
    private final Clock wall;
    private final Chance chance;

    WebhookOutbox(BankDatabase database, Clock wall, Chance chance) {
        this.database = database;
        this.wall = wall;
        this.chance = chance;
    }

    /** An event that is due. */
    record Due(long seq, String eventId, String body, int attempts) {}

    /** Remembers an event; {@code happened} is business time. */
    void tell(Connection connection, BankTerms terms, String type, Instant happened, ObjectNode data)
            throws SQLException {
        long number = BankDatabase.number(connection, "select nextval(pg_get_serial_sequence('webhook', 'seq'))");
        String eventId = "evt_%010d".formatted(number);
        ObjectNode event = Json.object().put("id", eventId).put("type", type).put("timestamp", happened.toString());
        event.set("data", data);
        Instant due = chance.happens(terms.delayed(), "late|" + eventId)
                ? wall.instant().plus(LATE)
                : wall.instant();
        BankDatabase.update(
                connection,
                "insert into webhook (seq, event_id, body, due_wall, repeats_left) overriding system value values (?, ?, ?, ?, ?)",
                number,
                eventId,
                Json.write(event),
                Timestamp.from(due),
                chance.happens(terms.duplicates(), "twice|" + eventId) ? 1 : 0);
    }

    List<Due> due(int most) {
        return database.read(connection -> BankDatabase.list(
                connection,
                "select seq, event_id, body, attempts from webhook where (delivered_wall is null or repeats_left > 0)"
                        + " and due_wall <= ? order by due_wall, seq limit ?",
                row -> new Due(row.getLong(1), row.getString(2), row.getString(3), row.getInt(4)),
                Timestamp.from(wall.instant()),
                most));
    }

    /** The engine has it. An event that is to be told twice becomes due once more. */
    void delivered(Due event) {
        database.read(connection -> BankDatabase.update(
                connection,
                "update webhook set attempts = attempts + 1, last_answer = '2xx', due_wall = ?,"
                        + " repeats_left = case when delivered_wall is null then repeats_left else repeats_left - 1 end,"
                        + " delivered_wall = coalesce(delivered_wall, ?) where seq = ?",
                Timestamp.from(wall.instant().plus(REPEAT_AFTER)),
                Timestamp.from(wall.instant()),
                event.seq()));
    }

    /** The engine has not got it, or has not said so: once more, later. */
    void missed(Due event, String answer) {
        Duration wait = RETRIES[Math.min(event.attempts(), RETRIES.length - 1)];
        database.read(connection -> BankDatabase.update(
                connection,
                "update webhook set attempts = attempts + 1, last_answer = ?, due_wall = ? where seq = ?",
                answer,
                Timestamp.from(wall.instant().plus(wait)),
                event.seq()));
    }

    /** How many events the engine has not acknowledged, repeats included. */
    long open() {
        return database.read(connection -> BankDatabase.number(
                connection, "select count(*) from webhook where delivered_wall is null or repeats_left > 0"));
    }

    /** What the engine said to the oldest event that it has not taken. */
    Optional<String> oldestAnswer() {
        return database.read(connection -> BankDatabase.first(
                connection,
                "select coalesce(last_answer, 'not tried') from webhook where delivered_wall is null order by seq limit 1",
                row -> row.getString(1)));
    }
}
