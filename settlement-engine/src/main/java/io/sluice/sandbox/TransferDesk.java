package io.sluice.sandbox;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Orders to pay. A batch is carried out at once, transfer by transfer; the money of transfers to other banks has left when the bank
 * answers, and a few come back business days later. The same key with the same bytes gets the first answer again for a day of business
 * time; then the key is forgotten, and the same order pays once more, as at real banks.
 */
final class TransferDesk {

    /** How long an idempotency key is remembered, in business time. */
    static final Duration KEY_MEMORY = Duration.ofHours(24);

    private static final int MOST = 500;
    private static final int MOST_KEY = 64;
    private static final String[] RETURN_REASONS = {"AC04", "AC06", "BE04", "MD07"};

    private final BankDatabase database;
    private final BankBooks books;
    private final WebhookOutbox outbox;
    private final Clock business;
    private final Chance chance;

    TransferDesk(BankDatabase database, BankBooks books, WebhookOutbox outbox, Clock business, Chance chance) {
        this.database = database;
        this.books = books;
        this.outbox = outbox;
        this.business = business;
        this.chance = chance;
    }

    private record Order(
            String endToEndId,
            long units,
            String creditorName,
            String creditorAccount,
            @Nullable String remittance) {}

    /** POST /v1/transfer-batches. */
    BankAnswer submit(@Nullable String key, byte[] body) {
        if (key == null || key.isBlank() || key.length() > MOST_KEY) {
            return BankAnswer.error(
                    400, "idempotency_key", "Idempotency-Key must have 1 to " + MOST_KEY + " characters");
        }
        String hash = sha256(body);
        JsonNode order;
        try {
            order = Json.read(body);
        } catch (RuntimeException e) {
            return BankAnswer.error(400, "malformed", "The body is not JSON");
        }
        return database.change(connection -> {
            Optional<String[]> known = remembered(connection, key);
            if (known.isPresent()) {
                return known.get()[0].equals(hash)
                        ? new BankAnswer(202, known.get()[1])
                        : BankAnswer.error(
                                422, "idempotency_mismatch", "The key " + key + " was used with another body");
            }
            return execute(connection, key, hash, order);
        });
    }

    /** GET /v1/transfer-batches?idempotencyKey=K, with the statuses of now. */
    BankAnswer find(String key) {
        Timestamp forgotten = Timestamp.from(business.instant().minus(KEY_MEMORY)); // before a connection is held
        return database.read(connection -> {
            Optional<Long> batch = BankDatabase.first(
                    connection,
                    "select batch_id from transfer_batch where idempotency_key = ? and created_at > ? order by batch_id desc limit 1",
                    row -> row.getLong(1),
                    key,
                    forgotten);
            if (batch.isEmpty()) {
                return BankAnswer.error(404, "not_found", "No batch with that key in the last day");
            }
            return new BankAnswer(200, Json.write(batchJson(connection, batch.get())));
        });
    }

    /** GET /v1/transfers?endToEndId=E: every transfer that ever had that reference. */
    BankAnswer transfers(String endToEndId) {
        return database.read(connection -> {
            ObjectNode answer = Json.object();
            answer.set("transfers", statuses(connection, "end_to_end_id = ?", endToEndId));
            return new BankAnswer(200, Json.write(answer));
        });
    }

    /** Brings back what is due on or before the bank's day. */
    int returnWhatIsDue() {
        return database.change(connection -> {
            List<Long> due = BankDatabase.list(
                    connection,
                    "select transfer_id from transfer where return_on <= ? and not returned order by transfer_id",
                    row -> row.getLong(1),
                    BankBooks.day(connection));
            for (long transfer : due) {
                giveBack(connection, transfer);
            }
            return due.size();
        });
    }

    /** Transfers of the day that is being closed are settled as far as the bank is concerned. */
    void settle(Connection connection) throws SQLException {
        List<ObjectNode> settled = BankDatabase.list(
                connection,
                "update transfer set status = 'ACSC' where status = 'ACSP' returning end_to_end_id, transfer_id",
                row -> Json.object()
                        .put("endToEndId", row.getString(1))
                        .put("transferId", transferId(row.getLong(2)))
                        .put("status", "ACSC"));
        if (books.terms().transferUpdates()) {
            for (ObjectNode data : settled) {
                outbox.tell(connection, books.terms(), "transfer.updated", business.instant(), data);
            }
        }
    }

    private BankAnswer execute(Connection connection, String key, String hash, JsonNode order) throws SQLException {
        String debtor = order.path("debtorAccount").asString("");
        String currency = order.path("currency").asString("");
        Optional<BankBooks.Account> account = books.account(connection, debtor);
        if (account.isEmpty() || !account.get().kind().equals("CUSTOMER")) {
            return BankAnswer.error(422, "business", "No account " + debtor);
        }
        if (!account.get().open() || !account.get().currency().equals(currency)) {
            return BankAnswer.error(422, "business", "The account " + debtor + " is closed, or not in " + currency);
        }
        LocalDate executionDate;
        List<Order> orders = new ArrayList<>();
        try {
            executionDate = LocalDate.parse(order.path("executionDate").asString(""));
            order.path("transfers").forEach(one -> orders.add(order(one, currency)));
        } catch (RuntimeException e) {
            return BankAnswer.error(400, "malformed", String.valueOf(e.getMessage()));
        }
        if (orders.isEmpty() || orders.size() > MOST) {
            return BankAnswer.error(400, "malformed", "A batch has 1 to " + MOST + " transfers, was " + orders.size());
        }
        LocalDate day = BankBooks.day(connection);
        if (executionDate.isAfter(BusinessClock.businessDay(day.plusDays(1)))) {
            return BankAnswer.error(
                    422,
                    "business",
                    "The bank takes no order for later than the next business day, was " + executionDate);
        }
        long batch = BankDatabase.number(
                connection,
                "insert into transfer_batch (idempotency_key, body_sha256, created_at, answer) values (?, ?, ?, '') returning batch_id",
                key,
                hash,
                Timestamp.from(business.instant()));
        for (int i = 0; i < orders.size(); i++) {
            carryOut(connection, batch, i, account.get(), orders.get(i), executionDate.isBefore(day));
        }
        String answer = Json.write(batchJson(connection, batch));
        BankDatabase.update(connection, "update transfer_batch set answer = ? where batch_id = ?", answer, batch);
        return new BankAnswer(202, answer);
    }

    private static Order order(JsonNode one, String currency) {
        String endToEndId = one.path("endToEndId").asString("");
        if (!endToEndId.matches("[A-Za-z0-9+?/:().,' -]{1,35}")) {
            throw new IllegalArgumentException("endToEndId has 1 to 35 characters, was \"" + endToEndId + "\"");
        }
        String name = one.path("creditorName").asString("");
        if (name.isBlank() || name.length() > 70) {
            throw new IllegalArgumentException("creditorName has 1 to 70 characters, was \"" + name + "\"");
        }
        return new Order(
                endToEndId,
                Units.parse(one.path("amount").asString(""), currency),
                name,
                one.path("creditorAccount").asString(""),
                one.hasNonNull("remittance") ? one.path("remittance").asString() : null);
    }

    private void carryOut(
            Connection connection, long batch, int position, BankBooks.Account debtor, Order order, boolean late)
            throws SQLException {
        Optional<BankBooks.Account> own = books.account(connection, order.creditorAccount())
                .filter(account -> account.kind().equals("CUSTOMER"));
        String refusal = refusal(connection, debtor, order, own, late);
        String status = refusal != null ? "RJCT" : own.isPresent() ? "ACSC" : "ACSP";
        LocalDate returnOn = null;
        String returnReason = null;
        if (refusal == null) {
            books.post(
                    connection,
                    own.isPresent()
                            ? new BankBooks.Posting(
                                            "OWN",
                                            debtor.account(),
                                            order.creditorAccount(),
                                            order.units(),
                                            debtor.currency())
                                    .endToEnd(order.endToEndId())
                                    .remittance(order.remittance())
                            : new BankBooks.Posting(
                                            "TRANSFER",
                                            debtor.account(),
                                            "NOSTRO-" + debtor.currency(),
                                            order.units(),
                                            debtor.currency())
                                    .endToEnd(order.endToEndId())
                                    .other(order.creditorName(), order.creditorAccount())
                                    .remittance(order.remittance()));
            if (own.isEmpty() && chance.happens(books.terms().returns(), "return|" + order.endToEndId())) {
                returnOn =
                        businessDaysAfter(BankBooks.day(connection), 1 + chance.below(3, "when|" + order.endToEndId()));
                returnReason = RETURN_REASONS[chance.below(RETURN_REASONS.length, "why|" + order.endToEndId())];
            }
        }
        BankDatabase.update(
                connection,
                "insert into transfer (batch_id, position, end_to_end_id, debtor_account, creditor_name, creditor_account, units,"
                        + " currency, status, reason, return_on, return_reason) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                batch,
                position,
                order.endToEndId(),
                debtor.account(),
                order.creditorName(),
                order.creditorAccount(),
                order.units(),
                debtor.currency(),
                status,
                refusal,
                returnOn,
                returnReason);
    }

    private @Nullable String refusal(
            Connection connection, BankBooks.Account debtor, Order order, Optional<BankBooks.Account> own, boolean late)
            throws SQLException {
        if (late) {
            return "TM01";
        }
        if (order.creditorAccount().equals(debtor.account())
                || (own.isEmpty() && !plausible(order.creditorAccount()))) {
            return "AC01";
        }
        if (own.isPresent() && !own.get().currency().equals(debtor.currency())) {
            return "AC01";
        }
        boolean closed = own.isPresent()
                ? !own.get().open()
                : BankDatabase.number(
                                connection,
                                "select count(*) from closed_elsewhere where account = ?",
                                order.creditorAccount())
                        > 0;
        if (closed) {
            return "AC04";
        }
        long balance = books.account(connection, debtor.account()).orElseThrow().balance();
        return balance < order.units() ? "AM04" : null;
    }

    /** An IBAN with right check digits, or any other account number of 4 to 34 letters, digits and hyphens. */
    static boolean plausible(String account) {
        if (account.matches("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")) {
            StringBuilder digits = new StringBuilder();
            (account.substring(4) + account.substring(0, 4))
                    .chars()
                    .forEach(c -> digits.append(Character.digit(c, 36)));
            return new BigInteger(digits.toString()).mod(BigInteger.valueOf(97)).intValue() == 1;
        }
        return account.matches("[A-Z0-9-]{4,34}");
    }

    private void giveBack(Connection connection, long transfer) throws SQLException {
        record Sent(
                String endToEndId,
                String debtor,
                String name,
                String account,
                long units,
                String currency,
                String reason) {}
        Sent sent = BankDatabase.first(
                        connection,
                        "update transfer set returned = true where transfer_id = ? returning end_to_end_id, debtor_account,"
                                + " creditor_name, creditor_account, units, currency, return_reason",
                        row -> new Sent(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getLong(5),
                                row.getString(6),
                                row.getString(7)),
                        transfer)
                .orElseThrow();
        books.post(
                connection,
                new BankBooks.Posting(
                                "RETURN", "NOSTRO-" + sent.currency(), sent.debtor(), sent.units(), sent.currency())
                        .endToEnd(sent.endToEndId())
                        .other(sent.name(), sent.account())
                        .remittance("RETURN " + sent.endToEndId())
                        .returned(sent.reason()));
        long charge = books.terms().returnCharge();
        if (charge > 0 && books.account(connection, sent.debtor()).orElseThrow().balance() >= charge) {
            books.post(
                    connection,
                    new BankBooks.Posting(
                                    "CHARGE", sent.debtor(), "CHARGES-" + sent.currency(), charge, sent.currency())
                            .remittance("CHARGE FOR RETURN " + sent.endToEndId()));
        }
    }

    private Optional<String[]> remembered(Connection connection, String key) throws SQLException {
        return BankDatabase.first(
                connection,
                "select body_sha256, answer from transfer_batch where idempotency_key = ? and created_at > ? order by batch_id desc limit 1",
                row -> new String[] {row.getString(1), row.getString(2)},
                key,
                Timestamp.from(business.instant().minus(KEY_MEMORY)));
    }

    private static ObjectNode batchJson(Connection connection, long batch) throws SQLException {
        ObjectNode answer = Json.object().put("batchId", "MB%08d".formatted(batch));
        answer.set("transfers", statuses(connection, "batch_id = ?", batch));
        return answer;
    }

    private static ArrayNode statuses(Connection connection, String which, Object value) throws SQLException {
        ArrayNode transfers = Json.array();
        BankDatabase.list(
                        connection,
                        "select end_to_end_id, transfer_id, status, reason from transfer where " + which
                                + " order by batch_id, position",
                        row -> {
                            ObjectNode one = Json.object()
                                    .put("endToEndId", row.getString(1))
                                    .put("transferId", transferId(row.getLong(2)))
                                    .put("status", row.getString(3));
                            return row.getString(4) == null ? one : one.put("reason", row.getString(4));
                        },
                        value)
                .forEach(transfers::add);
        return transfers;
    }

    private static String transferId(long id) {
        return "MX%010d".formatted(id);
    }

    static LocalDate businessDaysAfter(LocalDate day, int days) {
        LocalDate result = day;
        for (int i = 0; i < days; i++) {
            result = BusinessClock.businessDay(result.plusDays(1));
        }
        return result;
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
