package io.sluice.routing;

import io.sluice.money.Money;
import io.sluice.platform.AuditLog;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.platform.Hashes;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import io.sluice.policies.WorkList;
import io.sluice.routing.Restatement.Difference;
import io.sluice.routing.RoutingCommand.RestateAgreement;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rights what a wrong rule version has divided: its inflows accrue by a later version's terms instead, and the difference comes out of the
 * next inflows. Takes three people: who puts it forward, the trustee, and who approves the very figures that both have seen.
 */
@Component
public class Restatements implements WorkList.Approvable {

    /** @param state PROPOSED, CONSENTED by the trustee, or POSTED */
    public record Shown(
            String restatementHash,
            Restatement restatement,
            String state,
            String madeBy,
            Instant madeAt,
            @Nullable String trustee,
            @Nullable String approvedBy) {}

    static final String ITEM = "RESTATEMENT-";
    private static final String ROWS =
            "select restatement_hash, document, made_by, made_at, consented_by, approved_by from restatement ";
    private static final JsonMapper JSON = new JsonMapper();

    private final JdbcClient db;
    private final EventStore events;
    private final Agreements agreements;
    private final Commands commands;
    private final WorkList work;
    private final AuditLog audit;
    private final BusinessClock clock;
    private final Transactions transactions;

    Restatements(
            JdbcClient db,
            EventStore events,
            Agreements agreements,
            Commands commands,
            WorkList work,
            AuditLog audit,
            BusinessClock clock,
            Transactions transactions) {
        this.db = db;
        this.events = events;
        this.agreements = agreements;
        this.commands = commands;
        this.work = work;
        this.audit = audit;
        this.clock = clock;
        this.transactions = transactions;
    }

    /**
     * Makes the difference up and puts it on the work list; the same figures again change nothing. Reads all of the agreement's events.
     *
     * @throws Rejection {@code no-such-agreement}, {@code no-such-rule}, {@code rule-refused} when a claim goes elsewhere in the later
     *     version, {@code restatement-refused}
     */
    Shown propose(String agreementId, String replacedHash, String byHash, String reason, String maker) {
        if (agreements.find(agreementId).isEmpty()) {
            throw new Rejection("no-such-agreement", "There is no agreement " + agreementId);
        }
        if (reason.isBlank()) {
            throw new Rejection("restatement-refused", "reason: found nothing, expected why");
        }
        byte[] document = JSON.writeValueAsBytes(restatement(
                agreementId, replacedHash, byHash, reason.strip(), outcome(agreementId, replacedHash, byHash)));
        String hash = Hashes.sha256(document);
        transactions.run(() -> {
            db.sql("insert into restatement (restatement_hash, agreement_id, document, made_by, made_at)"
                            + " values (?, ?, ?, ?, ?) on conflict do nothing")
                    .params(hash, agreementId, document, maker, clock.now().atOffset(ZoneOffset.UTC))
                    .update();
            Restatement made = show(hash).restatement();
            work.open(ITEM + hash, kind(), hash, words(made), maker);
        });
        return show(hash);
    }

    /** What is moved; what each claim has altogether goes on meanwhile. */
    private static List<List<Object>> moved(List<Difference> differences) {
        return differences.stream()
                .map(line ->
                        List.<Object>of(line.claim(), String.valueOf(line.account()), line.difference(), line.nets()))
                .toList();
    }

    private static String words(Restatement made) {
        BigInteger moved = made.differences().stream()
                .map(Difference::difference)
                .filter(units -> units.signum() > 0)
                .reduce(BigInteger.ZERO, BigInteger::add);
        return "Version " + made.replacedVersion() + " of " + made.agreementId() + " as version " + made.byVersion()
                + ": "
                + made.inflows() + " inflows, " + Money.of(moved, made.currency())
                + " between parties; the trustee consents first";
    }

    private Restating.Outcome outcome(String agreementId, String replacedHash, String byHash) {
        return Restating.of(() -> AgreementHistory.of(events, agreementId), replacedHash, byHash);
    }

    private Restatement restatement(
            String agreementId, String replacedHash, String byHash, String reason, Restating.Outcome outcome) {
        return new Restatement(
                agreementId,
                agreements.find(agreementId).orElseThrow().currency(),
                replacedHash,
                outcome.replacedVersion(),
                byHash,
                outcome.byVersion(),
                reason,
                outcome.inflows(),
                outcome.differences(),
                outcome.change());
    }

    /**
     * The trustee agrees to the figures.
     *
     * @throws Rejection {@code no-such-restatement}, {@code same-person}; {@code already-decided} once somebody consented
     */
    public void consent(String hash, String trustee) {
        transactions.run(() -> {
            if (show(hash).madeBy().equals(trustee)) {
                throw new Rejection("same-person", "What " + trustee + " made is consented to by somebody else");
            }
            int consented = db.sql("update restatement set consented_by = ?, consented_at = ?"
                            + " where restatement_hash = ? and consented_by is null")
                    .params(trustee, clock.now().atOffset(ZoneOffset.UTC), hash)
                    .update();
            if (consented == 0) {
                throw new Rejection("already-decided", "Restatement " + hash + " was consented to already");
            }
            audit.record(trustee, "CONSENT_RESTATEMENT", hash);
        });
    }

    /** @throws Rejection {@code no-such-restatement} */
    public Shown show(String hash) {
        return db.sql(ROWS + "where restatement_hash = ?")
                .param(hash)
                .query(Restatements::row)
                .optional()
                .orElseThrow(() -> new Rejection("no-such-restatement", "There is no restatement " + hash));
    }

    /** An agreement's, the newest first. */
    List<Shown> all(String agreementId) {
        agreements.known(agreementId);
        return db.sql(ROWS + "where agreement_id = ? order by made_at desc, restatement_hash")
                .param(agreementId)
                .query(Restatements::row)
                .list();
    }

    private static Shown row(ResultSet row, int n) throws SQLException {
        String trustee = row.getString(5);
        String approver = row.getString(6);
        return new Shown(
                row.getString(1),
                JSON.readValue(row.getBytes(2), Restatement.class),
                approver != null ? "POSTED" : trustee != null ? "CONSENTED" : "PROPOSED",
                row.getString(3),
                row.getTimestamp(4).toInstant(),
                trustee,
                approver);
    }

    @Override
    public String kind() {
        return "RESTATEMENT";
    }

    @Override
    public boolean mayBeDeclined() {
        return true;
    }

    /**
     * Posts it, if the figures are still the same.
     *
     * @throws Rejection {@code trustee-missing}, {@code same-person}, {@code restatement-outdated}
     */
    @Override
    public void approve(String itemId, String hash, String approver) {
        Shown shown = show(hash);
        String trustee = shown.trustee();
        if (trustee == null) {
            throw new Rejection("trustee-missing", "The trustee consents to a restatement before it is approved");
        }
        if (trustee.equals(approver)) {
            throw new Rejection("same-person", "What " + trustee + " consented to is approved by somebody else");
        }
        Restatement restatement = shown.restatement();
        Restating.Outcome now = outcome(restatement.agreementId(), restatement.replacedHash(), restatement.byHash());
        if (!now.change().equals(restatement.change())
                || !moved(now.differences()).equals(moved(restatement.differences()))) {
            throw new Rejection(
                    "restatement-outdated",
                    "What came in since has changed the figures: put it forward again, and stop routing until it is approved");
        }
        commands.send(new RestateAgreement(
                restatement.agreementId(),
                hash,
                restatement.replacedHash(),
                restatement.byHash(),
                restatement.change(),
                now.events(),
                shown.madeBy(),
                trustee,
                approver));
        db.sql("update restatement set approved_by = ?, approved_at = ? where restatement_hash = ?")
                .params(approver, clock.now().atOffset(ZoneOffset.UTC), hash)
                .update();
    }
}
