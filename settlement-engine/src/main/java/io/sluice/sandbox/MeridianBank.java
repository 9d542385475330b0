package io.sluice.sandbox;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Meridian Bank: the desks of one simulated bank over one set of books, its address, and its webhooks. Everything is committed before
 * the bank answers. What its books say is the judge of the engine: see {@link #summary}.
 */
final class MeridianBank implements AutoCloseable {

    private final BankDatabase database;
    private final BankBooks books;
    private final TransferDesk transfers;
    private final OnRampDesk onRamps;
    private final StatementDesk statements;
    private final WebhookOutbox outbox;
    private final WebhookSender sender;
    private final MeridianWire wire;
    private final Faults faults = new Faults();
    private final Path keys;

    MeridianBank(
            BankDatabase database,
            Clock business,
            Clock wall,
            Chance chance,
            Coins coins,
            Secrets secrets,
            BankTerms terms,
            int port) {
        this.database = database;
        this.outbox = new WebhookOutbox(database, wall, chance);
        this.books = new BankBooks(database, business, outbox, terms);
        this.transfers = new TransferDesk(database, books, outbox, business, chance);
        this.onRamps = new OnRampDesk(database, books, business, chance, coins);
        this.statements = new StatementDesk(database, books, transfers, outbox, business);
        String apiKey = secrets.of("meridian-api-key");
        String webhookSecret = webhookSecret(database, secrets);
        secrets.write("meridian.properties", "api.key=" + apiKey + "\nwebhook.secrets=" + webhookSecret + "\n");
        this.keys = secrets.file("meridian.properties");
        this.sender = new WebhookSender(outbox, webhookSecret, wall);
        this.wire = new MeridianWire(this, faults, apiKey, port);
        onRamps.deliverCoins();
    }

    BankBooks books() {
        return books;
    }

    TransferDesk transfers() {
        return transfers;
    }

    OnRampDesk onRamps() {
        return onRamps;
    }

    StatementDesk statements() {
        return statements;
    }

    WebhookOutbox outbox() {
        return outbox;
    }

    WebhookSender sender() {
        return sender;
    }

    Faults faults() {
        return faults;
    }

    URI url() {
        return wire.url();
    }

    /** The properties file with the API key and the webhook secret, for the engine's settings. */
    Path keys() {
        return keys;
    }

    /** Stops answering first; what was answered is in the books. */
    @Override
    public void close() {
        wire.close();
        sender.close();
    }

    /**
     * What the books say, in numbers: balances, credits sent, payouts carried out and the most often any one was, returns, coins bought,
     * statements, and per currency the sum of all balances, which must be zero.
     */
    ObjectNode summary() {
        return database.read(connection -> {
            ObjectNode summary = Json.object();
            summary.put("day", BankBooks.day(connection).toString());
            summary.set(
                    "accounts",
                    array(BankDatabase.list(
                            connection,
                            "select account, currency, balance, name, notify from account where kind = 'CUSTOMER' order by account",
                            row -> Json.object()
                                    .put("account", row.getString(1))
                                    .put("currency", row.getString(2))
                                    .put("booked", Units.text(row.getLong(3), row.getString(2)))
                                    .put("name", row.getString(4))
                                    .put("collection", row.getBoolean(5)))));
            ObjectNode conservation = Json.object();
            for (String[] sum : BankDatabase.list(
                    connection,
                    "select currency, sum(balance)::bigint from account group by currency order by currency",
                    row -> new String[] {row.getString(1), Units.text(row.getLong(2), row.getString(1))})) {
                conservation.put(sum[0], sum[1]);
            }
            summary.set("conservation", conservation);
            summary.set("credits", sums(connection, "DEPOSIT"));
            summary.set("payouts", sums(connection, "TRANSFER"));
            summary.set("ownTransfers", sums(connection, "OWN"));
            summary.set("returns", sums(connection, "RETURN"));
            summary.set("onRamps", sums(connection, "ONRAMP"));
            summary.put(
                    "mostExecutionsOfOneEndToEndId",
                    BankDatabase.number(
                            connection,
                            "select coalesce(max(n), 0) from (select count(*) as n from movement where kind in ('TRANSFER', 'OWN', 'ONRAMP')"
                                    + " and end_to_end_id is not null group by end_to_end_id) executions"));
            summary.put("statements", BankDatabase.number(connection, "select count(*) from statement"));
            summary.put("webhooksOpen", outbox.open());
            return summary;
        });
    }

    private static ArrayNode sums(Connection connection, String kind) throws SQLException {
        return array(BankDatabase.list(
                connection,
                "select currency, count(*), sum(units)::bigint from movement where kind = ? group by currency order by currency",
                row -> Json.object()
                        .put("currency", row.getString(1))
                        .put("count", row.getLong(2))
                        .put("sum", Units.text(row.getLong(3), row.getString(1))),
                kind));
    }

    /** Every deposit on a collection account: the inflows that the engine must know, each once. */
    ObjectNode credits() {
        return listed(
                "credits",
                "select d.deposit_id as end_to_end_id, m.credit_account as account, m.units, m.currency, m.booking_date, m.movement_id"
                        + " from deposit d join movement m using (movement_id) order by m.movement_id",
                row -> Json.object()
                        .put("endToEndId", row.getString(1))
                        .put("account", row.getString(2))
                        .put("units", row.getLong(3))
                        .put("currency", row.getString(4))
                        .put("day", row.getObject(5, LocalDate.class).toString())
                        .put("transactionId", "MT%010dC".formatted(row.getLong(6))));
    }

    /** Every order of the engine that moved money, by its EndToEndId, with how often it did and how often it came back. */
    ObjectNode payouts() {
        return listed(
                "payouts",
                "select end_to_end_id, max(debit_account) filter (where kind <> 'RETURN'), sum(units) filter (where kind <> 'RETURN'),"
                        + " max(currency), count(*) filter (where kind <> 'RETURN'), count(*) filter (where kind = 'RETURN'),"
                        + " max(kind) filter (where kind <> 'RETURN') from movement where kind in ('TRANSFER', 'OWN', 'ONRAMP', 'RETURN')"
                        + " and end_to_end_id is not null group by end_to_end_id order by end_to_end_id",
                row -> Json.object()
                        .put("endToEndId", row.getString(1))
                        .put("account", row.getString(2))
                        .put("units", row.getLong(3))
                        .put("currency", row.getString(4))
                        .put("executions", row.getLong(5))
                        .put("returns", row.getLong(6))
                        .put("kind", row.getString(7)));
    }

    /** Every purchase of coins. */
    ObjectNode coins() {
        return listed(
                "onRamps",
                "select end_to_end_id, currency, token_units, destination, transaction_hash, units from onramp where status = 'COMPLETED'"
                        + " order by onramp_id",
                row -> Json.object()
                        .put("endToEndId", row.getString(1))
                        .put("currency", row.getString(2))
                        .put("tokenUnits", row.getBigDecimal(3).toBigInteger().toString())
                        .put("destination", row.getString(4))
                        .put("transactionHash", row.getString(5))
                        .put("units", row.getLong(6)));
    }

    private ObjectNode listed(String name, String sql, BankDatabase.Row<ObjectNode> row) {
        ObjectNode answer = Json.object();
        answer.set(name, array(database.read(connection -> BankDatabase.list(connection, sql, row))));
        return answer;
    }

    private static ArrayNode array(List<ObjectNode> rows) {
        ArrayNode array = Json.array();
        rows.forEach(array::add);
        return array;
    }

    private static String webhookSecret(BankDatabase database, Secrets secrets) {
        if (database.setting("webhook.secret.made").isEmpty()) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            secrets.write(
                    "meridian-webhook-secret", "whsec_" + Base64.getEncoder().encodeToString(random));
            database.setting("webhook.secret.made", "1");
        }
        return secrets.of("meridian-webhook-secret");
    }
}
