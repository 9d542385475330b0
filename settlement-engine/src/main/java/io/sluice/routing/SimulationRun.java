package io.sluice.routing;

import io.sluice.money.Currencies;
import io.sluice.platform.Hashes;
import io.sluice.routing.RoutingEvent.AgreementOpened;
import io.sluice.routing.RoutingEvent.BasisReported;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.RoutedInflowTakenBack;
import io.sluice.routing.RoutingEvent.StoreTerms;
import io.sluice.routing.RoutingEvent.TriggerSet;
import io.sluice.routing.RuleDocument.Example;
import io.sluice.routing.RuleDocument.Given;
import io.sluice.routing.RuleDocument.Placed;
import io.sluice.routing.Simulation.Kept;
import io.sluice.routing.SimulationResult.Left;
import io.sluice.routing.SimulationResult.Line;
import io.sluice.routing.SimulationResult.Source;
import io.sluice.routing.SimulationResult.Totals;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a version, and another one beside it, over the same inflows. What it remembers grows with accounts and claims, not with inflows.
 */
final class SimulationRun {

    /** The account of invented inflows that name none. */
    static final String SOME_ACCOUNT = "simulated";

    /** One version, and all that it gave over however many books. */
    private static final class Tried {

        private final RuleDocument rule;
        private final Map<Kept, BigInteger> lines = new LinkedHashMap<>();
        private final Map<List<String>, Left> undivided = new LinkedHashMap<>();
        private Simulation books;
        private long inflows;
        private BigInteger received = BigInteger.ZERO;
        private BigInteger refunded = BigInteger.ZERO;
        private BigInteger arrears = BigInteger.ZERO;
        private BigInteger givenAhead = BigInteger.ZERO;
        private BigInteger deferred = BigInteger.ZERO;

        Tried(RuleDocument rule, LocalDate from) {
            this.rule = rule;
            this.books = new Simulation(rule.asOf(from));
        }

        void anew(LocalDate from) {
            books.byAccount().forEach((kept, units) -> lines.merge(kept, units, BigInteger::add));
            books.undivided()
                    .forEach(left -> undivided.merge(
                            List.of(left.reason(), left.currency()),
                            new Left(left.reason(), left.inflows(), left.units(), left.currency()),
                            (a, b) -> new Left(
                                    a.reason(),
                                    a.inflows() + b.inflows(),
                                    a.units().add(b.units()),
                                    a.currency())));
            inflows += books.inflows();
            received = received.add(books.units());
            refunded = refunded.add(books.refunds());
            arrears = arrears.add(books.arrears());
            givenAhead = givenAhead.add(books.givenAhead());
            deferred = deferred.add(books.deferred());
            books = new Simulation(rule.asOf(from));
        }

        Totals totals() {
            return new Totals(
                    inflows, received, refunded, arrears, givenAhead, deferred, List.copyOf(undivided.values()));
        }
    }

    private final LocalDate from;
    private final LocalDate to;
    private final Tried rule;
    private final @Nullable Tried compared;
    private final List<Tried> both;
    private final MessageDigest inputs = Hashes.sha256();
    private final Map<String, StoreTerms> stores = new HashMap<>();
    private final Set<String> triggersOn = new TreeSet<>();
    private boolean any;

    SimulationRun(RuleDocument rule, @Nullable RuleDocument compared, LocalDate from, LocalDate to) {
        this.from = from;
        this.to = to;
        this.rule = new Tried(rule, from);
        this.compared = compared == null ? null : new Tried(compared, from);
        this.both = this.compared == null ? List.of(this.rule) : List.of(this.rule, this.compared);
    }

    /** What came in, was taken back and reported of the value dates; triggers as they were then. Answers whether anything did. */
    boolean past(Stream<RoutingEvent> events) {
        events.flatMap(RoutingEvent::oneByOne).forEach(this::on);
        return any;
    }

    private void on(RoutingEvent event) {
        switch (event) {
            case AgreementOpened opened ->
                opened.stores().forEach(store -> stores.put(store.collectionAccount(), store));
            case TriggerSet set -> {
                if (set.on() ? triggersOn.add(set.trigger()) : triggersOn.remove(set.trigger())) {
                    triggers(triggersOn);
                }
            }
            case InflowRouted in
            when within(in.valueDate()) ->
                add(
                        in.account(),
                        in.valueDate(),
                        BigInteger.valueOf(in.units()),
                        in.provisionalBaseUnits(),
                        in.currency(),
                        channel(in.account()),
                        country(in.account()));
            case RoutedInflowTakenBack back
            when within(back.undoneOn()) ->
                add(
                        back.account(),
                        back.undoneOn(),
                        BigInteger.valueOf(-back.units()),
                        back.baseUnits(),
                        back.currency(),
                        channel(back.account()),
                        country(back.account()));
            case BasisReported report when within(report.valueDate()) -> report(report);
            default -> {}
        }
    }

    private boolean within(LocalDate valueDate) {
        return !valueDate.isBefore(from) && !valueDate.isAfter(to);
    }

    private @Nullable String channel(String account) {
        StoreTerms store = stores.get(account);
        return store == null ? null : store.channel();
    }

    private @Nullable String country(String account) {
        StoreTerms store = stores.get(account);
        return store == null ? null : store.country();
    }

    private void report(BasisReported report) {
        digest(
                "report",
                report.account(),
                report.valueDate(),
                report.depositUnits(),
                report.provisionalBaseUnits(),
                report.baseUnits());
        both.forEach(one -> one.books.report(
                report.account(),
                report.valueDate(),
                BigInteger.valueOf(report.depositUnits()),
                BigInteger.valueOf(report.provisionalBaseUnits()),
                BigInteger.valueOf(report.baseUnits()),
                channel(report.account()),
                country(report.account())));
    }

    /** Each example from empty books. */
    void examples(List<Example> examples) {
        for (Example example : examples) {
            LocalDate first = example.inflows().stream()
                    .map(Given::valueDate)
                    .min(Comparator.naturalOrder())
                    .orElse(from);
            digest("example", example.name());
            both.forEach(one -> one.anew(first));
            for (Given given : example.inflows()) {
                triggers(given.triggersOn() == null ? List.of() : given.triggersOn());
                BigInteger units = given.amount().units();
                add(
                        SOME_ACCOUNT,
                        given.valueDate(),
                        Boolean.TRUE.equals(given.refund()) ? units.negate() : units,
                        null,
                        rule.rule.currency(),
                        given.channel(),
                        given.country());
            }
        }
    }

    /** A thousand to each store on one day; of an agreement that has none yet, to some account. */
    void assumed(LocalDate day) {
        BigInteger units = BigInteger.TEN.pow(3 + Currencies.digits(rule.rule.currency()));
        for (String account : stores.isEmpty() ? Set.of(SOME_ACCOUNT) : new TreeSet<>(stores.keySet())) {
            add(account, day, units, null, rule.rule.currency(), channel(account), country(account));
        }
    }

    /** From now on these are on, and no others. */
    void triggers(Collection<String> on) {
        digest("triggers", String.join(",", new TreeSet<>(on)));
        both.forEach(one -> one.books.triggers(on));
    }

    void add(
            String account,
            LocalDate valueDate,
            BigInteger signedUnits,
            @Nullable Long base,
            String currency,
            @Nullable String channel,
            @Nullable String country) {
        any = true;
        digest("inflow", account, valueDate, signedUnits, base, currency, channel, country);
        BigInteger known = base == null ? null : BigInteger.valueOf(base);
        both.forEach(one -> one.books.add(account, valueDate, signedUnits, known, currency, channel, country));
    }

    private void digest(@Nullable Object... fields) {
        StringBuilder line = new StringBuilder();
        for (Object field : fields) {
            line.append(field == null ? "" : field).append('\t');
        }
        inputs.update(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    /** @param merchants by collection account */
    SimulationResult result(
            String ruleHash, @Nullable String comparedHash, Source source, Map<String, String> merchants) {
        both.forEach(one -> one.anew(from));
        Tried other = compared;
        return new SimulationResult(
                rule.rule.agreement(),
                rule.rule.currency(),
                ruleHash,
                rule.rule.version(),
                other == null ? null : comparedHash,
                other == null ? null : other.rule.version(),
                source,
                from,
                to,
                HexFormat.of().formatHex(inputs.digest()),
                rule.totals(),
                other == null ? null : other.totals(),
                lines(merchants));
    }

    private List<Line> lines(Map<String, String> merchants) {
        Set<String> accounts = new TreeSet<>();
        both.forEach(one -> one.lines.keySet().forEach(kept -> accounts.add(kept.account())));
        Set<Kept> order = new LinkedHashSet<>();
        for (String account : accounts) {
            both.forEach(one -> one.rule.claims().forEach(placed -> order.addAll(of(one, account, placed))));
        }
        List<Line> lines = new ArrayList<>();
        for (Kept kept : order) {
            Set<String> parties = new LinkedHashSet<>();
            both.forEach(one -> parties.add(party(one.rule, kept, merchants)));
            parties.remove("");
            for (String party : parties) {
                lines.add(new Line(
                        kept.account(),
                        kept.claim(),
                        kept.to(),
                        party,
                        given(rule, kept, party, merchants),
                        compared == null ? null : given(compared, kept, party, merchants)));
            }
        }
        return lines;
    }

    private static List<Kept> of(Tried one, String account, Placed placed) {
        return one.lines.keySet().stream()
                .filter(kept -> kept.account().equals(account)
                        && kept.claim().equals(placed.claim().name()))
                .toList();
    }

    /** A claim that another version pays to somebody else is another line. */
    private static BigInteger given(Tried one, Kept kept, String party, Map<String, String> merchants) {
        return party(one.rule, kept, merchants).equals(party)
                ? one.lines.getOrDefault(kept, BigInteger.ZERO)
                : BigInteger.ZERO;
    }

    /** Nobody, written as nothing, where the version has no such claim. */
    private static String party(RuleDocument rule, Kept kept, Map<String, String> merchants) {
        return rule.claims().stream()
                .map(Placed::claim)
                .filter(claim -> claim.name().equals(kept.claim()))
                .findFirst()
                .map(claim -> {
                    String payee = claim.payee();
                    return payee != null
                            ? payee
                            : switch (kept.to()) {
                                case MERCHANT_RESIDUAL, MERCHANT_TRAPPED, MERCHANT_UNTIL_REPORT, CASH_RESERVE ->
                                    merchants.getOrDefault(kept.account(), "merchant");
                                case ROYALTY_POOL, RETURNS_RESERVE -> "holders";
                                case PLATFORM_FEES -> "platform";
                                case TRUSTEE_FEES, TAX_WITHHELD, UPSTREAM_ROYALTY ->
                                    kept.to().text();
                            };
                })
                .orElse("");
    }
}
