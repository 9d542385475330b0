package io.sluice.sandbox;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sells stablecoins for bank money at a quoted rate: debits the account, then issues the coins. The debit and the promise to issue are
 * committed together, the signed transaction before it is sent; whatever a crash leaves behind is sent again, byte for byte.
 */
final class OnRampDesk {

    private static final int COIN_DECIMALS = 6;
    private static final int RATE_DECIMALS = 4;
    private static final int LOWEST_RATE = 9_962;
    private static final int HIGHEST_RATE = 10_018;
    private static final Duration QUOTE_HOLDS = Duration.ofHours(12);

    private final BankDatabase database;
    private final BankBooks books;
    private final Clock business;
    private final Chance chance;
    private final Coins coins;

    OnRampDesk(BankDatabase database, BankBooks books, Clock business, Chance chance, Coins coins) {
        this.database = database;
        this.books = books;
        this.business = business;
        this.chance = chance;
        this.coins = coins;
    }

    /** POST /v1/onramp-quotes. Coins per main unit of the currency, rounded down to the coin's smallest unit. */
    BankAnswer quote(byte[] body) {
        String currency;
        long units;
        try {
            JsonNode wish = Json.read(body);
            currency = wish.path("currency").asString("");
            units = Units.parse(wish.path("amount").asString(""), currency);
        } catch (RuntimeException e) {
            return BankAnswer.error(400, "malformed", String.valueOf(e.getMessage()));
        }
        return database.change(connection -> {
            BigDecimal rate = BigDecimal.valueOf(
                    chance.between(LOWEST_RATE, HIGHEST_RATE, "rate|" + currency + "|" + BankBooks.day(connection)),
                    RATE_DECIMALS);
            BigInteger tokenUnits = tokenUnits(units, currency, rate);
            Instant expires = business.instant().plus(QUOTE_HOLDS);
            long id = BankDatabase.number(
                    connection,
                    "insert into onramp_quote (units, currency, rate, token_units, expires_at) values (?, ?, ?, ?, ?) returning quote_id",
                    units,
                    currency,
                    rate.toPlainString(),
                    new BigDecimal(tokenUnits),
                    Timestamp.from(expires));
            return new BankAnswer(
                    200,
                    Json.write(Json.object()
                            .put("quoteId", "QU%08d".formatted(id))
                            .put("amount", Units.text(units, currency))
                            .put("currency", currency)
                            .put("rate", rate.toPlainString())
                            .put("tokenUnits", tokenUnits.toString())
                            .put("expiresAt", expires.toString())));
        });
    }

    static BigInteger tokenUnits(long units, String currency, BigDecimal rate) {
        return BigDecimal.valueOf(units, Units.decimals(currency))
                .multiply(rate)
                .movePointRight(COIN_DECIMALS)
                .setScale(0, RoundingMode.FLOOR)
                .unscaledValue();
    }

    /** POST /v1/onramps. */
    BankAnswer order(@Nullable String key, byte[] body) {
        if (key == null || key.isBlank() || key.length() > 64) {
            return BankAnswer.error(400, "idempotency_key", "Idempotency-Key must have 1 to 64 characters");
        }
        JsonNode order;
        try {
            order = Json.read(body);
        } catch (RuntimeException e) {
            return BankAnswer.error(400, "malformed", "The body is not JSON");
        }
        String hash = TransferDesk.sha256(body);
        Optional<BankAnswer> refused = database.change(connection -> {
            Optional<String> known = BankDatabase.first(
                    connection,
                    "select body_sha256 from onramp where idempotency_key = ? and created_at > ? order by onramp_id desc limit 1",
                    row -> row.getString(1),
                    key,
                    forgotten());
            if (known.isPresent()) {
                return known.get().equals(hash)
                        ? Optional.<BankAnswer>empty()
                        : Optional.of(BankAnswer.error(
                                422, "idempotency_mismatch", "The key " + key + " was used with another body"));
            }
            return Optional.ofNullable(book(connection, key, hash, order));
        });
        if (refused.isPresent()) {
            return refused.get();
        }
        deliverCoins();
        return known(key, 202);
    }

    /** GET /v1/onramps?idempotencyKey=K. */
    BankAnswer find(String key) {
        return known(key, 200);
    }

    private BankAnswer known(String key, int status) {
        Timestamp forgotten = forgotten(); // before a connection is held
        return database.read(connection -> BankDatabase.first(
                        connection,
                        "select onramp_id, status, token_units, transaction_hash, reason from onramp"
                                + " where idempotency_key = ? and created_at > ? order by onramp_id desc limit 1",
                        row -> {
                            ObjectNode answer = Json.object()
                                    .put("onRampId", "OR%08d".formatted(row.getLong(1)))
                                    .put("status", row.getString(2))
                                    .put(
                                            "tokenUnits",
                                            row.getBigDecimal(3).toBigInteger().toString())
                                    .put("transactionHash", row.getString(4) == null ? "" : row.getString(4));
                            return new BankAnswer(
                                    status,
                                    Json.write(
                                            row.getString(5) == null
                                                    ? answer
                                                    : answer.put("reason", row.getString(5))));
                        },
                        key,
                        forgotten)
                .orElseGet(() -> BankAnswer.error(404, "not_found", "No on-ramp with that key in the last day")));
    }

    private Timestamp forgotten() {
        return Timestamp.from(business.instant().minus(TransferDesk.KEY_MEMORY));
    }

    private @Nullable BankAnswer book(Connection connection, String key, String hash, JsonNode order)
            throws SQLException {
        record Quote(long units, String currency, BigDecimal tokenUnits, Instant expires) {}
        String quoteId = order.path("quoteId").asString("");
        Optional<Quote> quote = quoteId.matches("QU[0-9]{8,18}")
                ? BankDatabase.first(
                        connection,
                        "select units, currency, token_units, expires_at from onramp_quote where quote_id = ?",
                        row -> new Quote(
                                row.getLong(1),
                                row.getString(2),
                                row.getBigDecimal(3),
                                row.getTimestamp(4).toInstant()),
                        Long.parseLong(quoteId.substring(2)))
                : Optional.empty();
        String currency = order.path("currency").asString("");
        long units;
        try {
            units = Units.parse(order.path("amount").asString(""), currency);
        } catch (RuntimeException e) {
            return BankAnswer.error(400, "malformed", String.valueOf(e.getMessage()));
        }
        if (quote.isEmpty()
                || quote.get().units() != units
                || !quote.get().currency().equals(currency)) {
            return BankAnswer.error(422, "business", "No quote " + quoteId + " for that amount and currency");
        }
        if (business.instant().isAfter(quote.get().expires())) {
            return BankAnswer.error(
                    422,
                    "business",
                    "The quote " + quoteId + " expired at " + quote.get().expires());
        }
        String destination = order.path("destination").asString("").toLowerCase(Locale.ROOT);
        if (!destination.matches("0x[0-9a-f]{40}")) {
            return BankAnswer.error(400, "malformed", "destination is not an address: " + destination);
        }
        String debtor = order.path("debtorAccount").asString("");
        Optional<BankBooks.Account> account = books.account(connection, debtor)
                .filter(found -> found.kind().equals("CUSTOMER")
                        && found.open()
                        && found.currency().equals(currency));
        if (account.isEmpty()) {
            return BankAnswer.error(422, "business", "No open account " + debtor + " in " + currency);
        }
        String endToEndId = order.path("endToEndId").asString("");
        boolean enough = account.get().balance() >= units;
        if (enough) {
            books.post(
                    connection,
                    new BankBooks.Posting("ONRAMP", debtor, "ISSUER-" + currency, units, currency)
                            .endToEnd(endToEndId)
                            .other("Meridian Digital Assets", null)
                            .remittance("ON-RAMP " + quoteId));
        }
        BankDatabase.update(
                connection,
                "insert into onramp (idempotency_key, body_sha256, created_at, debtor_account, units, currency, destination,"
                        + " end_to_end_id, token_units, status, reason, nonce) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                key,
                hash,
                Timestamp.from(business.instant()),
                debtor,
                units,
                currency,
                destination,
                endToEndId,
                quote.get().tokenUnits(),
                enough ? "COMPLETED" : "REJECTED",
                enough ? null : "AM04",
                enough ? nonce(connection) : null);
        return null;
    }

    private long nonce(Connection connection) throws SQLException {
        long last = BankDatabase.number(connection, "select coalesce(max(nonce), -1) from onramp");
        if (last >= 0) {
            return last + 1;
        }
        try {
            return coins.nextNonce();
        } catch (IOException e) {
            throw new SandboxFailure("The chain does not answer", e);
        }
    }

    private record Owed(
            long id,
            long nonce,
            String currency,
            String destination,
            BigInteger units,
            Coins.@Nullable Signed signed) {}

    /** Issues whatever is promised and not on the chain, oldest first. Leaves it for the next time when the chain does not answer. */
    synchronized void deliverCoins() {
        List<Owed> recent = database.read(connection -> BankDatabase.list(
                connection,
                "select * from (select onramp_id, nonce, currency, destination, token_units, raw_transaction, transaction_hash from onramp"
                        + " where status = 'COMPLETED' order by nonce desc limit 20) recent order by nonce",
                row -> new Owed(
                        row.getLong(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4),
                        row.getBigDecimal(5).toBigInteger(),
                        row.getString(6) == null ? null : new Coins.Signed(row.getString(6), row.getString(7)))));
        try {
            for (Owed owed : recent) {
                Coins.Signed signed = owed.signed() == null ? sign(owed) : owed.signed();
                if (!coins.knows(signed.hash())) {
                    coins.send(signed);
                }
            }
        } catch (IOException | JsonRpc.Refused chainAway) {
            // Promised and kept: the housekeeping asks again.
        }
    }

    private Coins.Signed sign(Owed owed) throws IOException {
        Coins.Signed signed = coins.signMint(owed.nonce(), owed.currency(), owed.destination(), owed.units());
        database.change(connection -> BankDatabase.update(
                connection,
                "update onramp set raw_transaction = ?, transaction_hash = ? where onramp_id = ?",
                signed.raw(),
                signed.hash(),
                owed.id()));
        return signed;
    }
}
