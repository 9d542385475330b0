package io.sluice.policies;

import io.sluice.money.Currencies;
import io.sluice.money.Money;
import io.sluice.platform.Hashes;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Mandates: approvals by two people, given beforehand and with limits, inside which the engine releases by itself and whose hash it
 * cites. Everything else waits on the work list.
 */
@Component
public class Mandates implements WorkList.Approvable {

    /**
     * What is allowed, for one agreement.
     *
     * @param maxPerPayee of one payout to one payee
     * @param maxPerDistribution of all payouts of one distribution, or of one remittance
     * @param maxPerDay of all that is released under mandates for the agreement on one business day: remittances, their transfers to the
     *     agreement's own accounts included, and distributions
     * @param expires last day on which it holds
     */
    public record Terms(
            String agreementId,
            List<String> rails,
            String currency,
            Money maxPerPayee,
            Money maxPerDistribution,
            Money maxPerDay,
            LocalDate expires) {

        public Terms {
            require("agreementId", agreementId);
            require("rails", rails);
            require("currency", currency);
            require("maxPerPayee", maxPerPayee);
            require("maxPerDistribution", maxPerDistribution);
            require("maxPerDay", maxPerDay);
            require("expires", expires);
            rails = List.copyOf(rails);
            for (Money limit : List.of(maxPerPayee, maxPerDistribution, maxPerDay)) {
                if (!limit.currency().equals(currency) || limit.units().signum() <= 0) {
                    throw new Rejection(
                            "mandate-limit", "A limit of a mandate is positive and in " + currency + ", was " + limit);
                }
            }
            if (!List.of("BANK", "CHAIN").containsAll(rails) || rails.isEmpty()) {
                throw new Rejection("mandate-rail", "A mandate names BANK, CHAIN or both, was " + rails);
            }
            Currencies.digits(currency);
        }

        private static void require(String field, @Nullable Object value) {
            if (value == null) {
                throw new IllegalArgumentException(
                        field + ": found null or nothing, expected a value: a mandate has no default for it");
            }
        }
    }

    private static final Logger log = LoggerFactory.getLogger(Mandates.class);

    private final JdbcClient db;
    private final WorkList work;
    private final Transactions transactions;
    private final JsonMapper json = JsonMapper.builder().build();

    Mandates(JdbcClient db, WorkList work, Transactions transactions) {
        this.db = db;
        this.work = work;
        this.transactions = transactions;
    }

    /** Answers the hash of the drafted mandate; drafting the same again answers the same. */
    public String draft(Terms terms, String maker) {
        String document = json.writeValueAsString(terms);
        String hash = Hashes.sha256(document);
        transactions.run(() -> {
            db.sql(
                            "insert into mandate (mandate_hash, agreement_id, document, state, made_by) values (?, ?, ?, 'DRAFT', ?)"
                                    + " on conflict do nothing")
                    .params(hash, terms.agreementId(), document, maker)
                    .update();
            work.open(
                    "MANDATE-" + hash,
                    kind(),
                    hash,
                    "Release for " + terms.agreementId() + ": " + terms.maxPerPayee()
                            + " a payee, " + terms.maxPerDistribution() + " a distribution, " + terms.maxPerDay()
                            + " a day, until "
                            + terms.expires(),
                    maker);
        });
        return hash;
    }

    @Override
    public String kind() {
        return "MANDATE";
    }

    @Override
    public boolean mayBeDeclined() {
        return true;
    }

    @Override
    public void approve(String itemId, String hash, String approver) {
        db.sql("update mandate set state = 'ACTIVE', approved_by = ? where mandate_hash = ? and state = 'DRAFT'")
                .params(approver, hash)
                .update();
    }

    /**
     * The hash of a mandate that covers this release, which counts from now on against its day; empty when a person must decide. Joins
     * the caller's transaction.
     *
     * @param release names what is released, the same when it is asked again
     */
    public Optional<String> covering(
            String release,
            String agreementId,
            String currency,
            List<String> rails,
            BigInteger largestToOnePayee,
            BigInteger total,
            LocalDate day) {
        BigInteger alreadyToday = db.sql("select coalesce(sum(units), 0) from mandate_use"
                        + " where agreement_id = ? and currency = ? and day = ? and release <> ?")
                .params(agreementId, currency, day, release)
                .query(BigDecimal.class)
                .single()
                .toBigIntegerExact();
        Optional<String> covering = active(agreementId).stream()
                .filter(m -> m.terms().currency().equals(currency)
                        && m.terms().rails().containsAll(rails)
                        && !day.isAfter(m.terms().expires())
                        && largestToOnePayee.compareTo(m.terms().maxPerPayee().units()) <= 0
                        && total.compareTo(m.terms().maxPerDistribution().units()) <= 0
                        && total.add(alreadyToday)
                                        .compareTo(m.terms().maxPerDay().units())
                                <= 0)
                .map(Stored::hash)
                .findFirst();
        covering.ifPresent(
                hash -> db.sql("insert into mandate_use (release, mandate_hash, agreement_id, currency, day, units)"
                                + " values (?, ?, ?, ?, ?, ?) on conflict do nothing")
                        .params(release, hash, agreementId, currency, day, new BigDecimal(total))
                        .update());
        return covering;
    }

    /** One that cannot be read covers nothing, and stops nobody else's. */
    private List<Stored> active(String agreementId) {
        List<Stored> active = new ArrayList<>();
        db.sql(
                        "select mandate_hash, document from mandate where agreement_id = ? and state = 'ACTIVE' order by mandate_hash")
                .param(agreementId)
                .query(rs -> {
                    try {
                        active.add(new Stored(rs.getString(1), json.readValue(rs.getString(2), Terms.class)));
                    } catch (JacksonException | Rejection | NullPointerException e) {
                        log.error("Mandate {} cannot be read and covers nothing: {}", rs.getString(1), e.getMessage());
                    }
                });
        return active;
    }

    private record Stored(String hash, Terms terms) {}
}
