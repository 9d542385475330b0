package io.sluice.routing;

import io.sluice.money.Money;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.BusinessDays;
import io.sluice.platform.Hashes;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import io.sluice.policies.WorkList;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Inflows whose value date is far from the day they were booked on, or before their agreement's first rule: it decides for ever which rule
 * version divides them and which periods are charged, so that two people look at it first. They let it stand, or choose another date.
 */
@Component
public class ValueDates implements WorkList.Approvable {

    /**
     * An inflow that waits for its date.
     *
     * @param bookedOn or, of one that a person has assigned, the day since it waits
     * @param firstRuleOn from when on its agreement has rules; null while it has none
     */
    public record Odd(
            UUID inflowId,
            String account,
            Money amount,
            LocalDate valueDate,
            LocalDate bookedOn,
            @Nullable LocalDate firstRuleOn,
            String reason) {

        public boolean isBeforeFirstRule() {
            return firstRuleOn != null && valueDate.isBefore(firstRuleOn);
        }
    }

    /** What was put on the work list. */
    public record Chosen(String itemId, String hash) {}

    private static final String TOO_OLD = "value-date-too-old";
    private static final String TOO_FAR = "value-date-too-far";

    /** Business days before or after booking that a bank's own delays explain. */
    private static final int USUAL = 10;

    private static final String ITEM = "VALUE-DATE-";
    private static final int SHOWN = 12;
    private static final String ODD = """
            select q.inflow_id, q.account, q.units, q.currency, q.value_date,
                coalesce(q.booked_on, (q.since at time zone 'UTC')::date), f.first_rule_on, q.reason
            from routing_queue q
                left join store s on s.collection_account = q.account
                left join lateral (select min(effective_from) as first_rule_on from routing_rule r
                    where r.agreement_id = s.agreement_id and r.state = 'ACTIVE') f on true
            where (q.reason in ('value-date-too-old', 'value-date-too-far')
                or (q.reason = 'no-rule-in-force' and q.value_date < f.first_rule_on))
            """;

    private final JdbcClient db;
    private final WorkList work;
    private final BusinessClock clock;
    private final Transactions transactions;
    private final ObjectProvider<Router> router;

    ValueDates(
            JdbcClient db,
            WorkList work,
            BusinessClock clock,
            Transactions transactions,
            ObjectProvider<Router> router) {
        this.db = db;
        this.work = work;
        this.clock = clock;
        this.transactions = transactions;
        this.router = router;
    }

    /** Why an inflow of this value date is not divided yet; null when nothing speaks against it. */
    static @Nullable String odd(LocalDate valueDate, LocalDate bookedOn) {
        if (valueDate.isBefore(BusinessDays.before(bookedOn, USUAL))) {
            return TOO_OLD;
        }
        return valueDate.isAfter(BusinessDays.after(bookedOn, USUAL)) ? TOO_FAR : null;
    }

    /** The oldest that wait, as many as a person can look through. */
    public List<Odd> waiting() {
        return db.sql(ODD + " order by q.since, q.inflow_id limit :shown")
                .param("shown", SHOWN)
                .query(ValueDates::odd)
                .list();
    }

    /**
     * Says by which date an inflow is to be divided: the bank's own, or another. Waits for a second person.
     *
     * @throws Rejection {@code no-such-inflow} when none waits for its date under this id; {@code value-date-invalid}
     */
    public Chosen choose(UUID inflowId, LocalDate valueDate, String reason, String operator) {
        Odd odd = find(inflowId);
        if (reason.isBlank()) {
            throw new Rejection("value-date-invalid", "reason: found nothing, expected why");
        }
        LocalDate latest = BusinessDays.after(clock.today(), USUAL);
        if (valueDate.isAfter(latest)) {
            throw new Rejection(
                    "value-date-invalid", "valueDate: found " + valueDate + ", expected " + latest + " or before");
        }
        if (odd.firstRuleOn() != null && valueDate.isBefore(odd.firstRuleOn())) {
            throw new Rejection(
                    "value-date-invalid",
                    "valueDate: found " + valueDate + ", expected " + odd.firstRuleOn()
                            + " or after: no rule of the agreement covers a day before");
        }
        String hash =
                Hashes.sha256(String.join("\n", inflowId.toString(), valueDate.toString(), reason.strip(), operator));
        transactions.run(() -> {
            db.sql("insert into value_date_choice (choice_hash, inflow_id, value_date, reason, made_by, made_at)"
                            + " values (?, ?, ?, ?, ?, ?) on conflict do nothing")
                    .params(
                            hash,
                            inflowId,
                            valueDate,
                            reason.strip(),
                            operator,
                            clock.now().atOffset(ZoneOffset.UTC))
                    .update();
            work.open(
                    ITEM + hash,
                    kind(),
                    hash,
                    odd.amount() + " booked on " + odd.bookedOn() + " with value date " + odd.valueDate()
                            + ": divide it by " + valueDate + ". " + reason.strip(),
                    operator);
        });
        return new Chosen(ITEM + hash, hash);
    }

    private Odd find(UUID inflowId) {
        return db.sql(ODD + " and q.inflow_id = :id")
                .param("id", inflowId)
                .query(ValueDates::odd)
                .optional()
                .orElseThrow(() -> new Rejection(
                        "no-such-inflow", "No inflow " + inflowId + " waits for somebody to look at its value date"));
    }

    private static Odd odd(ResultSet row, int n) throws SQLException {
        return new Odd(
                row.getObject(1, UUID.class),
                row.getString(2),
                Money.of(row.getLong(3), row.getString(4)),
                row.getObject(5, LocalDate.class),
                row.getObject(6, LocalDate.class),
                row.getObject(7, LocalDate.class),
                row.getString(8));
    }

    @Override
    public String kind() {
        return "VALUE_DATE";
    }

    @Override
    public boolean mayBeDeclined() {
        return true;
    }

    @Override
    public void approve(String itemId, String hash, String approver) {
        record Choice(UUID inflowId, LocalDate valueDate) {}
        Choice choice = db.sql("select inflow_id, value_date from value_date_choice where choice_hash = ?")
                .param(hash)
                .query(Choice.class)
                .optional()
                .orElseThrow(() -> new Rejection("no-such-inflow", "Nobody has chosen " + hash));
        find(choice.inflowId());
        db.sql("update routing_queue set value_date = ?, dated_by = ?, reason = null where inflow_id = ?")
                .params(choice.valueDate(), approver, choice.inflowId())
                .update();
        db.sql("select choice_hash from value_date_choice where inflow_id = ? and choice_hash <> ?")
                .params(choice.inflowId(), hash)
                .query(String.class)
                .list()
                .forEach(other -> work.withdraw(ITEM + other)); // it is divided by one of them
        Transactions.afterCommit(() -> router.getObject().wake());
    }
}
