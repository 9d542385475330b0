package io.sluice.ledger;

import io.sluice.money.Fraction;
import io.sluice.money.Money;
import io.sluice.platform.Phrases;
import io.sluice.platform.Rejection;
import io.sluice.routing.Accruals;
import io.sluice.routing.Accruals.Accrual;
import io.sluice.routing.Accruals.Basis;
import io.sluice.routing.Destination;
import io.sluice.routing.RoutingEvent;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Why a leg is of the amount that it is, each figure with its source, years later too: from events, evidence hashes and rule documents. */
@Component
public class Explanations {

    /**
     * @param decidedBy what decided that it is sales proceeds
     * @param state BOOKED, or REVERSED when the bank took it back
     */
    public record Inflow(
            UUID inflowId,
            String account,
            Money amount,
            LocalDate valueDate,
            String kind,
            @Nullable String decidedBy,
            String state,
            List<Source> sources) {}

    /** Something of a bank's that told of the inflow. */
    public record Source(String source, String evidenceSha256, int line, Instant seenAt) {}

    public record Rule(
            String ruleHash,
            int version,
            LocalDate effectiveFrom,
            String madeBy,
            @Nullable String approvedBy,
            @Nullable String anchorTx,
            @Nullable Long anchorBlock) {}

    /**
     * What a deposit's portions are of, where the rule counts what was sold instead of what was deposited.
     *
     * @param basis NET_OF_REFUNDS or GROSS_SALES
     * @param estimated until the platform's report: the deposit and what platforms are taken to have kept of it
     * @param state PROVISIONAL without a report, REPORTED with it
     * @param report the difference between its basis and the estimate accrues, and is given of inflows after it
     */
    public record Counted(
            String basis,
            Money estimated,
            String state,
            @Nullable Report report) {}

    /** A platform's settlement report: sales less refunds, fees and what the platform newly keeps back make the deposit. */
    public record Report(
            String platform,
            String reportId,
            Money grossSales,
            Money refunds,
            Money fees,
            Money platformReserve,
            Money basis,
            String evidenceSha256,
            Instant reportedAt) {}

    /**
     * One rule version's claim on all that it has divided: {@code portion} of {@code basis}; no portion where it is more than that.
     *
     * @param restatedAs the later version by whose terms it accrues since a restatement; null where there was none
     * @param counted what of the inflows the basis is: CASH_RECEIVED, NET_OF_REFUNDS or GROSS_SALES
     */
    public record Claim(
            String ruleHash,
            int version,
            @Nullable Integer restatedAs,
            @Nullable String portion,
            String counted,
            Money basis) {}

    /**
     * A claim on sales that was given nothing of an inflow, with what it has over the agreement's life.
     *
     * @param deferred what of {@code due} waits for a later period's ceiling
     */
    public record Nothing(String path, String destination, Money due, Money deferred, Money givenBefore) {}

    /**
     * @param terms of the version that divided the inflow, in words
     * @param claims none where the claim is not one on sales: a reserve, a trap, an advance
     * @param due the whole minor units of all claims together, over the agreement's life; of the pool's royalty within its cap and with what
     *     its minimum adds
     * @param deferred what of {@code due} waits for a later period's ceiling
     * @param fraction what they exceed {@code due} by, in minor units; it counts when the next inflow is divided
     */
    public record Life(
            String terms, List<Claim> claims, Money due, Money deferred, String fraction, Money givenBefore) {}

    /** What of the leg was given up because the bank took an inflow back. */
    public record Reduction(UUID takenBack, Money amount) {}

    public record Payment(
            UUID instructionId, String kind, String endToEndId, String state, Money amount, UUID orderId) {}

    /**
     * @param counted null where portions are of the deposit itself
     * @param life null for the remainder
     * @param others the inflow's other legs, which with this one make the inflow
     * @param nothing claims that the inflow has no leg for
     * @param payment null while nothing was ordered
     * @param words the same in sentences
     */
    public record Explanation(
            UUID legId,
            String path,
            String destination,
            String agreementId,
            Money amount,
            Inflow inflow,
            Rule rule,
            @Nullable Counted counted,
            @Nullable Life life,
            List<Other> others,
            List<Nothing> nothing,
            List<Reduction> reductions,
            @Nullable Payment payment,
            List<String> words) {

        private static final int OF_INFLOW_AND_RULE = 2;
        private static final int OF_COUNTED = 2;

        /** Those of {@code words} that say what portions are of; none where that is the deposit itself. */
        public List<String> wordsOfCounted() {
            return words.subList(OF_INFLOW_AND_RULE, OF_INFLOW_AND_RULE + (counted == null ? 0 : OF_COUNTED));
        }

        /** Those of {@code words} that say who was given nothing. */
        public List<String> wordsOfNothing() {
            int from = OF_INFLOW_AND_RULE + wordsOfCounted().size();
            return words.subList(from, from + nothing.size());
        }

        /** Those of {@code words} that are of this leg, and not of the whole inflow. */
        public List<String> wordsOfLeg() {
            return words.subList(OF_INFLOW_AND_RULE + wordsOfCounted().size() + nothing.size(), words.size());
        }
    }

    public record Other(String path, String destination, Money amount) {}

    private record Leg(
            UUID legId,
            UUID inflowId,
            String agreementId,
            String ruleHash,
            String path,
            String destination,
            long units,
            String currency,
            LocalDate valueDate,
            @Nullable UUID releasedOf) {

        /** The inflow that it is of, also where it was held until later. */
        UUID origin() {
            return releasedOf == null ? inflowId : releasedOf;
        }
    }

    /** The end of the path of what a refund has used of what was put aside. */
    private static final String USED = "/returns-used";

    private final JdbcClient db;
    private final Accruals accruals;
    private final MessageSource messages;

    Explanations(JdbcClient db, Accruals accruals, MessageSource messages) {
        this.db = db;
        this.accruals = accruals;
        this.messages = messages;
    }

    private static final String LEG =
            "select leg_id, inflow_id, agreement_id, rule_hash, path, destination, units, currency, value_date, released_of"
                    + " from leg where ";

    /** Of each leg of an inflow, the largest first; empty while it is not divided, or when there is none such. */
    public List<Explanation> ofInflow(UUID inflowId, Locale language) {
        Phrases phrases = new Phrases(messages, language);
        List<Leg> legs = db.sql(LEG + "inflow_id = ? order by units desc, path")
                .param(inflowId)
                .query(Leg.class)
                .list();
        if (legs.isEmpty()) {
            return List.of();
        }
        Map<String, Accrual> accrued = accrued(legs.getFirst(), phrases);
        return legs.stream().map(leg -> of(leg, accrued, phrases)).toList();
    }

    /** Throws {@link Rejection} {@code no-such-leg}, {@code no-inflow} for what was released of all that an account held. */
    public Explanation of(UUID legId, Locale language) {
        Phrases phrases = new Phrases(messages, language);
        Leg leg = db.sql(LEG
                        + "leg_id = :leg and inflow_id in (select inflow_id from division where inflow_id = any(:inflows)"
                        + " union select inflow_id from division where leg_ids @> array[:leg]::uuid[])")
                .param("leg", legId)
                .param("inflows", RoutingEvent.Leg.inflowsOf(legId).toArray(UUID[]::new))
                .query(Leg.class)
                .optional()
                .orElseThrow(() -> new Rejection("no-such-leg", "There is no leg " + legId));
        return of(leg, accrued(leg, phrases), phrases);
    }

    /** By claim; none of what was released, which is of no inflow's own. */
    private Map<String, Accrual> accrued(Leg leg, Phrases phrases) {
        return leg.releasedOf() != null ? Map.of() : accruals.at(leg.agreementId(), leg.inflowId(), phrases);
    }

    private Explanation of(Leg leg, Map<String, Accrual> accrued, Phrases phrases) {
        Inflow inflow = inflow(leg);
        Rule rule = rule(leg);
        Counted counted = counted(leg);
        Life life = life(leg, accrued);
        List<Other> others = others(leg);
        List<Nothing> nothing = nothing(leg, others, accrued);
        List<Reduction> reductions = reductions(leg);
        Payment payment = payment(leg);
        Money amount = Money.of(leg.units(), leg.currency());
        return new Explanation(
                leg.legId(),
                leg.path(),
                leg.destination(),
                leg.agreementId(),
                amount,
                inflow,
                rule,
                counted,
                life,
                others,
                nothing,
                reductions,
                payment,
                words(leg, amount, inflow, rule, counted, life, others, nothing, reductions, payment, phrases));
    }

    /** Royalty is one claim, by however many tranches of a rule. */
    private static List<Nothing> nothing(Leg leg, List<Other> others, Map<String, Accrual> accrued) {
        Set<String> given = new HashSet<>(Set.of(claim(leg.path()), leg.destination()));
        others.forEach(other -> given.addAll(List.of(claim(other.path()), other.destination())));
        List<Nothing> nothing = new ArrayList<>();
        accrued.forEach((name, accrual) -> {
            boolean pooled = accrual.to() == Destination.ROYALTY_POOL;
            boolean onSales = !accrual.bases().isEmpty();
            if (onSales
                    && !given.contains(name)
                    && !(pooled && given.contains(accrual.to().text()))) {
                nothing.add(new Nothing(
                        name,
                        accrual.to().text(),
                        Money.of(accrual.due(), leg.currency()),
                        Money.of(accrual.deferred(), leg.currency()),
                        Money.of(accrual.givenBefore(), leg.currency())));
                if (pooled) {
                    given.add(accrual.to().text());
                }
            }
        });
        return nothing;
    }

    private static String claim(String path) {
        int end = path.indexOf('/');
        return end < 0 ? path : path.substring(0, end);
    }

    /** Of what waited for a report: when it went on, and to whom; empty while it waits. */
    private Optional<String> letGo(Leg leg, Phrases phrases) {
        record To(String path, long units, LocalDate day) {}
        List<To> given = db.sql(
                        "select path, units, value_date as day from leg where released_of = ? and units > 0 order by path")
                .param(leg.inflowId())
                .query(To.class)
                .list();
        if (given.isEmpty()) {
            return Optional.empty();
        }
        List<String> parts = given.stream()
                .map(to -> phrases.say("because.went-to", Money.of(to.units(), leg.currency()), to.path()))
                .toList();
        return Optional.of(phrases.say("because.went-on", given.getFirst().day(), phrases.join("list.and", parts)));
    }

    private Inflow inflow(Leg leg) {
        List<Source> sources = db.sql(
                        "select source, evidence_sha256, line_no, seen_at from sighting where inflow_id = ?"
                                + " order by seen_at, evidence_sha256, line_no")
                .param(leg.origin())
                .query((row, n) -> new Source(
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getTimestamp(4).toInstant()))
                .list();
        return db.sql("select account, units, value_date, kind, decided_by, state from inflow where inflow_id = ?")
                .param(leg.origin())
                .query((row, n) -> new Inflow(
                        leg.origin(),
                        row.getString(1),
                        Money.of(row.getLong(2), leg.currency()),
                        row.getObject(3, LocalDate.class),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        sources))
                .optional()
                .orElseThrow(() -> new Rejection(
                        "no-inflow",
                        "Leg " + leg.legId() + " is of no inflow: on " + leg.valueDate()
                                + " all that was held on the account was released"));
    }

    private Rule rule(Leg leg) {
        return db.sql("select rule_hash, version, effective_from, made_by, approved_by, anchor_tx, anchor_block"
                        + " from routing_rule where rule_hash = ?")
                .param(leg.ruleHash())
                .query(Rule.class)
                .single();
    }

    private @Nullable Counted counted(Leg leg) {
        record Estimate(String basis, long units) {}
        Estimate estimate = db.sql(
                        "select convert_from(r.document, 'UTF8')::jsonb ->> 'basis' as basis, d.provisional_base as units"
                                + " from divided d join rule_document r using (rule_hash)"
                                + " where d.inflow_id = ? and d.provisional_base is not null")
                .param(leg.origin())
                .query(Estimate.class)
                .optional()
                .orElse(null);
        if (estimate == null) {
            return null;
        }
        Report report = report(leg);
        return new Counted(
                estimate.basis(),
                Money.of(estimate.units(), leg.currency()),
                report == null ? "PROVISIONAL" : "REPORTED",
                report);
    }

    private @Nullable Report report(Leg leg) {
        String currency = leg.currency();
        return db.sql(
                        "select platform, report_id, gross_sales, refunds, fees, platform_reserve, base, report_sha256, reported_at"
                                + " from settlement_report where inflow_id = ?")
                .param(leg.origin())
                .query((row, n) -> new Report(
                        row.getString(1),
                        row.getString(2),
                        Money.of(row.getLong(3), currency),
                        Money.of(row.getLong(4), currency),
                        Money.of(row.getLong(5), currency),
                        Money.of(row.getLong(6), currency),
                        Money.of(row.getLong(7), currency),
                        row.getString(8),
                        row.getTimestamp(9).toInstant()))
                .optional()
                .orElse(null);
    }

    private static @Nullable Life life(Leg leg, Map<String, Accrual> accrued) {
        if (leg.releasedOf() != null) {
            return null;
        }
        Accrual accrual = accrued.get(claim(leg.path()));
        if (accrual == null) {
            throw new IllegalStateException("No event divides inflow " + leg.inflowId());
        }
        if (leg.destination().equals(Destination.MERCHANT_RESIDUAL.text())) {
            return null;
        }
        BigInteger due = accrual.due();
        Fraction fraction =
                due.equals(accrual.accrued().floor()) ? accrual.accrued().minus(due) : Fraction.ZERO;
        return new Life(
                accrual.terms(),
                accrual.bases().stream()
                        .map(basis -> claim(basis, leg.currency()))
                        .toList(),
                Money.of(due, leg.currency()),
                Money.of(accrual.deferred(), leg.currency()),
                fraction.numerator().signum() == 0 ? "0" : fraction.toString(),
                Money.of(accrual.givenBefore(), leg.currency()));
    }

    private static Claim claim(Basis basis, String currency) {
        return new Claim(
                basis.ruleHash(),
                basis.version(),
                basis.restatedAs(),
                Optional.ofNullable(basis.portion()).map(Object::toString).orElse(null),
                basis.counted().name(),
                Money.of(basis.units(), currency));
    }

    private List<Other> others(Leg leg) {
        return db.sql("select path, destination, units from leg where inflow_id = ? and leg_id <> ? order by path")
                .params(leg.inflowId(), leg.legId())
                .query((row, n) ->
                        new Other(row.getString(1), row.getString(2), Money.of(row.getLong(3), leg.currency())))
                .list();
    }

    private List<Reduction> reductions(Leg leg) {
        return db.sql("select inflow_id, units from leg_reduction where leg_id = ? order by step")
                .param(leg.legId())
                .query((row, n) ->
                        new Reduction(row.getObject(1, UUID.class), Money.of(row.getLong(2), leg.currency())))
                .list();
    }

    private @Nullable Payment payment(Leg leg) {
        return db.sql("select i.instruction_id, i.kind, i.end_to_end_id, i.state, i.units, i.currency, i.order_id"
                        + " from rail_claim c join instruction i using (instruction_id) where c.payable_id = ?")
                .param(leg.legId())
                .query((row, n) -> new Payment(
                        row.getObject(1, UUID.class),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        Money.of(row.getLong(5), row.getString(6)),
                        row.getObject(7, UUID.class)))
                .optional()
                .orElse(null);
    }

    /** The explanation in sentences. */
    private List<String> words(
            Leg leg,
            Money amount,
            Inflow inflow,
            Rule rule,
            @Nullable Counted counted,
            @Nullable Life life,
            List<Other> others,
            List<Nothing> nothing,
            List<Reduction> reductions,
            @Nullable Payment payment,
            Phrases phrases) {
        List<String> words = new ArrayList<>();
        int told = inflow.sources().size();
        words.add(phrases.say(
                "because.inflow",
                inflow.amount(),
                inflow.account(),
                inflow.valueDate(),
                phrases.say(told > 1 ? "because.told" : "because.told." + told, told)));
        words.add(phrases.say(
                leg.releasedOf() == null && leg.valueDate().isBefore(rule.effectiveFrom())
                        ? "because.rule.in-place"
                        : "because.rule",
                rule.version(),
                leg.agreementId(),
                rule.effectiveFrom()));
        if (counted != null) {
            words.addAll(words(inflow, counted, phrases));
        }
        nothing.forEach(claim -> words.add(phrases.say(
                claim.deferred().units().signum() > 0
                        ? "because.nothing-deferred"
                        : claim.due().units().compareTo(claim.givenBefore().units()) > 0
                                ? "because.nothing-left"
                                : "because.nothing-due",
                claim.path(),
                claim.due(),
                claim.givenBefore())));
        if (leg.releasedOf() != null) {
            words.add(
                    amount.units().signum() < 0
                            ? phrases.say("because.let-go", leg.valueDate())
                            : phrases.say("because.given-of-waiting", leg.path(), leg.valueDate()));
        } else if (life != null) {
            words.addAll(life(leg, amount, life, phrases));
        } else if (others.isEmpty()) {
            words.add(phrases.say("because.whole", leg.path(), amount));
        } else {
            List<String> before = others.stream()
                    .map(other -> phrases.say("because.part", other.path(), other.amount()))
                    .toList();
            words.add(phrases.say("because.rest", leg.path(), phrases.join("list.and", before), amount));
        }
        reductions.forEach(
                reduction -> words.add(phrases.say("because.reduced", reduction.amount(), reduction.takenBack())));
        words.add(
                payment != null
                        ? phrases.say("because.paid", payment.endToEndId(), payment.amount(), state(payment, phrases))
                        : whereItIs(
                                leg,
                                amount,
                                reductions.stream()
                                        .map(reduction -> reduction.amount().units())
                                        .reduce(amount.units(), BigInteger::subtract),
                                phrases));
        return words;
    }

    /** A payment instruction's, with ISO 20022's code where there is one. */
    private static String state(Payment payment, Phrases phrases) {
        return switch (payment.state()) {
            case "PENDING_APPROVAL", "RELEASED", "ACSP", "ACSC", "RJCT", "CANC", "RETURNED" ->
                phrases.say("because.paid." + payment.state());
            default -> payment.state();
        };
    }

    private static List<String> words(Inflow inflow, Counted counted, Phrases phrases) {
        Report report = counted.report();
        return List.of(
                phrases.say(
                        "because.estimated",
                        phrases.say("terms.basis." + counted.basis()),
                        inflow.amount(),
                        counted.estimated()),
                report == null
                        ? phrases.say("because.provisional")
                        : phrases.say(
                                "because.reported",
                                report.reportId(),
                                report.platform(),
                                report.grossSales(),
                                report.refunds(),
                                report.fees(),
                                report.platformReserve(),
                                report.basis()));
    }

    /** @param left what was not given up again */
    private String whereItIs(Leg leg, Money amount, BigInteger left, Phrases phrases) {
        Destination destination = Destination.parse(leg.destination());
        Optional<String> letGo =
                destination == Destination.MERCHANT_UNTIL_REPORT ? letGo(leg, phrases) : Optional.empty();
        if (letGo.isPresent()) {
            return letGo.get();
        }
        if (amount.units().signum() < 0) {
            return phrases.say("because.given-up");
        }
        if (left.signum() == 0) {
            return phrases.say("because.nothing-of-it");
        }
        if (destination == Destination.MERCHANT_UNTIL_REPORT) {
            return phrases.say("because.waits");
        }
        return phrases.say(destination.isHeld() ? "because.held" : "because.open");
    }

    private static List<String> life(Leg leg, Money amount, Life life, Phrases phrases) {
        boolean plain = !life.claims().isEmpty() && life.claims().stream().allMatch(claim -> claim.portion() != null);
        if (!plain) {
            return bounded(leg, amount, life, phrases);
        }
        String claims = phrases.join(
                "list.and",
                life.claims().stream()
                        .map(claim -> phrases.say(
                                "because.claim." + claim.counted(),
                                claim.portion(),
                                claim.restatedAs() == null
                                        ? phrases.say("because.version", claim.version())
                                        : phrases.say("because.version.restated", claim.version(), claim.restatedAs()),
                                claim.basis()))
                        .toList());
        return List.of(
                life.fraction().equals("0")
                        ? phrases.say("because.due", leg.path(), claims, life.due())
                        : phrases.say("because.due-with-fraction", leg.path(), claims, life.due(), life.fraction()),
                phrases.say(
                        due(life).equals(amount.units()) ? "because.given-of-due" : "because.given-all",
                        life.givenBefore(),
                        amount));
    }

    /** What a claim is given that no portion alone says. */
    private static List<String> bounded(Leg leg, Money amount, Life life, Phrases phrases) {
        List<String> words = new ArrayList<>();
        words.add(phrases.say("because.terms", leg.path(), life.terms()));
        if (Destination.parse(leg.destination()) == Destination.RETURNS_RESERVE) {
            words.add(phrases.say(
                    amount.units().signum() > 0
                            ? "because.aside"
                            : leg.path().endsWith(USED) ? "because.aside-used" : "because.aside-released",
                    amount));
        } else if (life.claims().isEmpty()) {
            words.add(phrases.say("because.given", life.givenBefore(), amount));
        } else {
            words.add(phrases.say("because.due-by-now", life.due(), life.givenBefore(), amount));
        }
        if (life.deferred().units().signum() > 0) {
            words.add(phrases.say("because.deferred", life.deferred()));
        }
        return words;
    }

    private static BigInteger due(Life life) {
        return life.due().units().subtract(life.givenBefore().units());
    }
}
