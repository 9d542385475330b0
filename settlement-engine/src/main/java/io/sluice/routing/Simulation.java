package io.sluice.routing;

import io.sluice.money.Money;
import io.sluice.platform.Rejection;
import io.sluice.routing.RuleDocument.Placed;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a rule would make of inflows, from empty books on, by the very code that divides real ones. Inflows are taken in the order in
 * which they are given; those that the rule does not divide are counted by reason, as the engine words it.
 */
public final class Simulation {

    /** All of it arrives on one account. */
    private static final String ACCOUNT = "simulated";

    /** What is counted by itself: a claim's part that went this way, of what came in on this account. */
    record Kept(String account, String claim, Destination to) {}

    /** What deposits that wait for their report are told apart by; equal ones wait in their order. */
    private record Deposit(String account, LocalDate valueDate, BigInteger units) {}

    /** Inflows of one currency that a rule does not divide. Units are minor units, less what was refunded. */
    public record Undivided(String reason, String currency, long inflows, BigInteger units) {}

    private final RuleDocument rule;
    private final Waterfall waterfall = new Waterfall();
    private final Map<Destination, BigInteger> divided = new TreeMap<>();
    private final Map<String, BigInteger> byClaim = new LinkedHashMap<>();
    private final Map<Kept, BigInteger> byAccount = new LinkedHashMap<>();
    private final Map<List<String>, Undivided> undivided = new LinkedHashMap<>();
    private final Set<String> triggersOn = new HashSet<>();
    private final Map<Deposit, Deque<BigInteger>> waiting = new HashMap<>();
    private long inflows;
    private BigInteger units = BigInteger.ZERO;
    private BigInteger refunds = BigInteger.ZERO;
    private BigInteger arrears = BigInteger.ZERO;
    private BigInteger givenAhead = BigInteger.ZERO;
    private BigInteger deferred = BigInteger.ZERO;

    /** @param rule valid ({@link RuleFile}) */
    public Simulation(RuleDocument rule) {
        this.rule = rule;
        waterfall.begin(rule);
        for (Placed placed : rule.claims()) {
            divided.put(placed.claim().to(), BigInteger.ZERO);
            byClaim.put(placed.claim().name(), BigInteger.ZERO);
        }
    }

    /** From now on these are on, and no others. */
    public void triggers(Collection<String> on) {
        triggersOn.stream().filter(trigger -> !on.contains(trigger)).forEach(trigger -> waterfall.set(trigger, false));
        on.forEach(trigger -> waterfall.set(trigger, true));
        triggersOn.clear();
        triggersOn.addAll(on);
    }

    /**
     * Throws {@link Rejection} for nothing.
     *
     * @param signedUnits minor units; below zero, a refund, which takes from the basis and brings no cash
     */
    public void add(
            LocalDate valueDate,
            BigInteger signedUnits,
            String currency,
            @Nullable String channel,
            @Nullable String country) {
        add(ACCOUNT, valueDate, signedUnits, null, currency, channel, country);
    }

    /**
     * Throws {@link Rejection} for nothing.
     *
     * @param signedUnits minor units; below zero, a refund
     * @param base what portions of the basis are of, where the rule's basis is not the inflow and somebody knows it; not negative
     */
    void add(
            String account,
            LocalDate valueDate,
            BigInteger signedUnits,
            @Nullable BigInteger base,
            String currency,
            @Nullable String channel,
            @Nullable String country) {
        if (signedUnits.signum() == 0) {
            throw new Rejection("inflow-invalid", "amount: found 0, expected an inflow, or a refund below zero");
        }
        if (signedUnits.abs().compareTo(BigInteger.valueOf(Money.LARGEST)) > 0) {
            throw new Rejection(
                    "inflow-invalid",
                    "amount: found " + Money.of(signedUnits, currency) + ", expected at most "
                            + Money.of(Money.LARGEST, currency) + ": no inflow is larger");
        }
        if (!RuleChecker.isDay(valueDate)) {
            throw new Rejection("inflow-invalid", "valueDate: found " + valueDate + ", expected " + RuleChecker.DAYS);
        }
        if (!currency.equals(rule.currency())) {
            leave("currency-differs", currency, signedUnits);
        } else if (valueDate.isBefore(rule.effectiveFrom())) {
            leave("no-rule-in-force", currency, signedUnits);
        } else {
            divide(new Movement(
                    valueDate,
                    signedUnits.max(BigInteger.ZERO),
                    base(account, signedUnits, base),
                    BigInteger.ZERO,
                    signedUnits.abs(),
                    account,
                    channel,
                    country,
                    Map.of(),
                    BigInteger.ZERO,
                    false));
        }
    }

    private BigInteger base(String account, BigInteger signedUnits, @Nullable BigInteger known) {
        if (known != null && rule.basis() != RuleDocument.Basis.CASH_RECEIVED) {
            return signedUnits.signum() > 0 ? known : known.negate();
        }
        return signedUnits.signum() > 0 ? waterfall.base(rule, account, signedUnits) : signedUnits;
    }

    /** A platform has reported what a deposit of the account came from, and what had been counted until then. */
    void report(
            String account,
            LocalDate valueDate,
            BigInteger deposit,
            BigInteger counted,
            BigInteger base,
            @Nullable String channel,
            @Nullable String country) {
        waterfall.report(account, deposit, base);
        BigInteger more = base.subtract(counted);
        if (rule.basis() != RuleDocument.Basis.CASH_RECEIVED && more.signum() != 0) {
            take(Movement.inflow(valueDate, deposit, counted, account, channel, country)
                    .corrected(more));
        }
        Deque<BigInteger> held = waiting.get(new Deposit(account, valueDate, deposit));
        if (held != null && !held.isEmpty()) {
            take(Movement.inflow(valueDate, deposit, counted, account, channel, country)
                    .givingUp(held.removeFirst()));
        }
    }

    private void leave(String reason, String currency, BigInteger left) {
        undivided.merge(
                List.of(reason, currency),
                new Undivided(reason, currency, 1, left),
                (a, b) -> new Undivided(
                        reason, currency, a.inflows() + b.inflows(), a.units().add(b.units())));
    }

    private void divide(Movement movement) {
        take(movement);
        if (movement.cash().signum() > 0) {
            inflows++;
            units = units.add(movement.cash());
        } else {
            refunds = refunds.add(movement.amount());
        }
    }

    private void take(Movement movement) {
        Waterfall.Division division = waterfall.take("simulated", rule, movement);
        for (Waterfall.Part part : division.parts()) {
            if (part.to() == Destination.MERCHANT_UNTIL_REPORT && part.units().signum() > 0) {
                waiting.computeIfAbsent(
                                new Deposit(movement.account(), movement.valueDate(), movement.cash()),
                                deposit -> new ArrayDeque<>())
                        .addLast(part.units());
            }
            divided.merge(part.to(), part.units(), BigInteger::add);
            byClaim.merge(part.path(), part.units(), BigInteger::add);
            int end = part.path().indexOf('/');
            byAccount.merge(
                    new Kept(
                            movement.account(),
                            end < 0 ? part.path() : part.path().substring(0, end),
                            part.to()),
                    part.units(),
                    BigInteger::add);
        }
        arrears = division.arrears();
        givenAhead = division.ahead();
        deferred = division.deferred();
    }

    /** How many inflows were divided. */
    public long inflows() {
        return inflows;
    }

    /** Their sum in minor units, which is the sum of all destinations. */
    public BigInteger units() {
        return units;
    }

    /** What was refunded, in minor units. */
    public BigInteger refunds() {
        return refunds;
    }

    /** Royalty that is due and that nothing has covered yet, in minor units. */
    public BigInteger arrears() {
        return arrears;
    }

    /** Royalty that was given of what was refunded since, in minor units: it comes off the next inflows. */
    public BigInteger givenAhead() {
        return givenAhead;
    }

    /** Royalty that is due and waits for a later period's ceiling, in minor units. */
    public BigInteger deferred() {
        return deferred;
    }

    /** What each destination of the rule got, in minor units. */
    public Map<Destination, BigInteger> divided() {
        return Collections.unmodifiableMap(divided);
    }

    /** What each claim got, in minor units, in the waterfall's order. */
    public Map<String, BigInteger> byClaim() {
        return Collections.unmodifiableMap(byClaim);
    }

    /** What each claim got of each account, in minor units, in the order in which they first came up. */
    Map<Kept, BigInteger> byAccount() {
        return Collections.unmodifiableMap(byAccount);
    }

    /** What the rule did not divide, by reason and currency, in the order in which these first came up. */
    public List<Undivided> undivided() {
        return List.copyOf(undivided.values());
    }
}
