package io.sluice.routing;

import io.sluice.platform.BusinessClock;
import io.sluice.platform.Rejection;
import io.sluice.routing.Agreements.StoreView;
import io.sluice.routing.SimulationResult.Source;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tries rule versions on inflows before anybody approves them, beside the version in force. Changes nothing of the agreement; the result
 * is kept, and a rule without one is not approved.
 */
@Component
public class Simulations {

    /** How far back past inflows are taken from where nobody says. */
    static final int DAYS = 90;

    /** How many inflows can be invented. */
    static final int MOST_INFLOWS = 10_000;

    /** Who asked for a result, and when by the business clock. */
    public record Shown(String simulationId, SimulationResult result, String madeBy, Instant madeAt) {}

    /** What a rule that can be simulated is. */
    public record Draft(String agreementId, int version, LocalDate effectiveFrom, String currency, boolean approved) {}

    /** An inflow that never was; below zero a refund. */
    record Invented(
            @Nullable String account,
            LocalDate valueDate,
            BigInteger signedUnits,
            String currency,
            @Nullable String channel,
            @Nullable String country) {}

    private final EventStore events;
    private final Agreements agreements;
    private final RuleDesk rules;
    private final SimulationRecords records;
    private final BusinessClock clock;

    Simulations(
            EventStore events, Agreements agreements, RuleDesk rules, SimulationRecords records, BusinessClock clock) {
        this.events = events;
        this.agreements = agreements;
        this.rules = rules;
        this.records = records;
        this.clock = clock;
    }

    /**
     * Of a rule that was put forward, on its agreement's past inflows; where there were none in these days on its own examples, and without any
     * on a round amount to each store. Reads all of the agreement's events.
     *
     * @param from first value date; null: 90 days ago
     * @param to last value date; null: today
     * @throws Rejection {@code no-such-draft}, {@code simulation-invalid}
     */
    public Shown simulate(String ruleHash, @Nullable LocalDate from, @Nullable LocalDate to, String by) {
        RuleDocument rule = rules.rule(ruleHash);
        return past(rule, ruleHash, null, from, to, by);
    }

    /** @param comparedHash null: the version in force today */
    Shown past(
            RuleDocument rule,
            String ruleHash,
            @Nullable String comparedHash,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            String by) {
        LocalDate last = to == null ? today() : to;
        LocalDate first = from == null ? last.minusDays(DAYS) : from;
        if (first.isAfter(last)) {
            throw new Rejection("simulation-invalid", "from: found " + first + ", expected " + last + " or before");
        }
        String other = compared(rule, ruleHash, comparedHash);
        SimulationRun run = new SimulationRun(rule, document(rule, other), first, last);
        Source source = Source.PAST;
        if (!run.past(AgreementHistory.of(events, rule.agreement()))) {
            source = rule.goldenExamples().isEmpty() ? Source.ASSUMED : Source.EXAMPLES;
            run.examples(rule.goldenExamples());
            if (source == Source.ASSUMED) {
                run.assumed(last);
            }
        }
        return keep(run.result(ruleHash, other, source, merchants(rule.agreement())), by);
    }

    /** On inflows that never were. */
    Shown invented(
            RuleDocument rule, String ruleHash, @Nullable String comparedHash, List<Invented> inflows, String by) {
        if (inflows.isEmpty() || inflows.size() > MOST_INFLOWS) {
            throw new Rejection(
                    "simulation-invalid",
                    "inflows: found " + inflows.size() + ", expected 1 to " + MOST_INFLOWS + ", or none of it");
        }
        LocalDate first = inflows.stream()
                .map(Invented::valueDate)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        LocalDate last = inflows.stream()
                .map(Invented::valueDate)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        String other = compared(rule, ruleHash, comparedHash);
        SimulationRun run = new SimulationRun(rule, document(rule, other), first, last);
        Map<String, String> merchants = merchants(rule.agreement());
        for (int i = 0; i < inflows.size(); i++) {
            try {
                add(run, inflows.get(i), merchants.keySet());
            } catch (Rejection wrong) {
                throw new Rejection(wrong.type(), "inflows[" + i + "]." + wrong.getMessage());
            }
        }
        return keep(run.result(ruleHash, other, Source.GIVEN, merchants), by);
    }

    private static void add(SimulationRun run, Invented one, Set<String> accounts) {
        if (one.account() != null && !accounts.contains(one.account())) {
            throw new Rejection(
                    "simulation-invalid",
                    "account: found " + one.account() + ", expected an account of the agreement's stores, one of "
                            + accounts.stream().sorted().toList() + ", or none");
        }
        run.add(
                one.account() == null ? SimulationRun.SOME_ACCOUNT : one.account(),
                one.valueDate(),
                one.signedUnits(),
                null,
                one.currency(),
                one.channel(),
                one.country());
    }

    /** @throws Rejection {@code no-such-draft} */
    public Draft draft(String ruleHash) {
        RuleDocument rule = rules.rule(ruleHash);
        return new Draft(
                rule.agreement(),
                rule.version(),
                rule.effectiveFrom(),
                rule.currency(),
                !rules.state(ruleHash).equals("DRAFT"));
    }

    private @Nullable String compared(RuleDocument rule, String ruleHash, @Nullable String asked) {
        if (asked != null) {
            if (!rules.rule(asked).agreement().equals(rule.agreement())) {
                throw new Rejection("no-such-rule", "Agreement " + rule.agreement() + " has no rule " + asked);
            }
            return asked;
        }
        return agreements
                .ruleInForce(rule.agreement(), today())
                .filter(inForce -> !inForce.equals(ruleHash))
                .orElse(null);
    }

    private @Nullable RuleDocument document(RuleDocument rule, @Nullable String hash) {
        RuleDocument other = hash == null ? null : rules.rule(hash);
        if (other != null && !other.currency().equals(rule.currency())) {
            throw new Rejection(
                    "simulation-invalid", "compare: found " + other.currency() + ", expected " + rule.currency());
        }
        return other;
    }

    private Map<String, String> merchants(String agreementId) {
        return agreements.stores().stream()
                .filter(store -> store.agreementId().equals(agreementId))
                .collect(Collectors.toMap(StoreView::collectionAccount, StoreView::merchantId, (a, b) -> a));
    }

    private Shown keep(SimulationResult result, String by) {
        return records.keep(result, by, clock.now());
    }

    private LocalDate today() {
        return clock.now().atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** The newest one of exactly this rule. */
    public Optional<Shown> newest(String ruleHash) {
        return records.newest(ruleHash);
    }

    /** @throws Rejection {@code no-such-simulation} */
    Shown show(String id) {
        return records.show(id);
    }

    /** An agreement's newest hundred, the newest first. */
    List<Shown> all(String agreementId) {
        return records.all(agreementId);
    }
}
