package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.money.Money;
import io.sluice.platform.Rejection;
import io.sluice.routing.SimulationResult.Source;
import io.sluice.routing.SimulationResult.Totals;
import io.sluice.routing.Simulations.Invented;
import io.sluice.routing.Simulations.Shown;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Simulations of rule versions in the API. */
@RestController
class SimulationController {

    /**
     * Either {@code ruleHash} or {@code rule}. Without {@code inflows}, the agreement's own of value dates from {@code from} to {@code to}.
     *
     * @param rule a rule document that nobody has put forward yet
     * @param compare hash of another version; null: the one in force
     */
    record Asked(
            @Nullable String ruleHash,
            @Nullable JsonNode rule,
            @Nullable String compare,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            @Nullable List<Inflow> inflows) {}

    /** @param refund whether it takes from the basis and brings no cash; null: it does not */
    record Inflow(
            @JsonProperty(required = true) LocalDate valueDate,
            @JsonProperty(required = true) Money amount,
            @Nullable Boolean refund,
            @Nullable String account,
            @Nullable String channel,
            @Nullable String country) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Line(
            String account,
            String claim,
            String to,
            String party,
            Money given,
            @Nullable Money compared,
            @Nullable Money difference) {}

    /** @param amount less refunds; absent in results kept before its currency was told */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Left(String reason, long inflows, @Nullable Money amount) {}

    record Summed(
            long inflows,
            Money received,
            Money refunded,
            Money arrears,
            Money givenAhead,
            Money deferred,
            List<Left> undivided) {

        static Summed of(Totals totals, String currency) {
            return new Summed(
                    totals.inflows(),
                    Money.of(totals.received(), currency),
                    Money.of(totals.refunded(), currency),
                    Money.of(totals.arrears(), currency),
                    Money.of(totals.givenAhead(), currency),
                    Money.of(totals.deferred(), currency),
                    totals.undivided().stream()
                            .map(left -> new Left(left.reason(), left.inflows(), money(left.units(), left.currency())))
                            .toList());
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Told(
            String simulationId,
            String agreementId,
            String ruleHash,
            int version,
            @Nullable String comparedHash,
            @Nullable Integer comparedVersion,
            Source source,
            LocalDate from,
            LocalDate to,
            String inputsSha256,
            Summed rule,
            @Nullable Summed compared,
            List<Line> lines,
            String madeBy,
            Instant madeAt) {

        static Told of(Shown shown) {
            SimulationResult result = shown.result();
            String currency = result.currency();
            Totals compared = result.compared();
            return new Told(
                    shown.simulationId(),
                    result.agreementId(),
                    result.ruleHash(),
                    result.version(),
                    result.comparedHash(),
                    result.comparedVersion(),
                    result.source(),
                    result.from(),
                    result.to(),
                    result.inputsSha256(),
                    Summed.of(result.rule(), currency),
                    compared == null ? null : Summed.of(compared, currency),
                    result.lines().stream()
                            .map(line -> new Line(
                                    line.account(),
                                    line.claim(),
                                    line.to().text(),
                                    line.party(),
                                    Money.of(line.units(), currency),
                                    money(line.comparedUnits(), currency),
                                    money(line.difference(), currency)))
                            .toList(),
                    shown.madeBy(),
                    shown.madeAt());
        }
    }

    private static @Nullable Money money(@Nullable BigInteger units, @Nullable String currency) {
        return units == null || currency == null ? null : Money.of(units, currency);
    }

    private final Simulations simulations;
    private final RuleDesk rules;
    private final Agreements agreements;

    SimulationController(Simulations simulations, RuleDesk rules, Agreements agreements) {
        this.simulations = simulations;
        this.rules = rules;
        this.agreements = agreements;
    }

    /** Runs one and keeps the result. On past inflows it takes as long as reading all of the agreement's events. */
    @PostMapping("/api/v1/agreements/{id}/simulations")
    @ResponseStatus(HttpStatus.CREATED)
    Told run(@PathVariable String id, @RequestBody Asked asked, Principal by) {
        String hash = asked.ruleHash();
        JsonNode document = asked.rule();
        if ((hash == null) == (document == null || document.isNull())) {
            throw new Rejection("simulation-invalid", "found both or none of ruleHash and rule, expected one of them");
        }
        RuleDocument rule;
        if (hash == null) {
            if (agreements.find(id).isEmpty()) {
                throw new Rejection("no-such-agreement", "There is no agreement " + id);
            }
            CanonicalRule canonical = rules.checked(
                    id, Objects.requireNonNull(document).toString().getBytes(StandardCharsets.UTF_8));
            rule = canonical.rule();
            hash = canonical.hash();
        } else {
            rule = rules.rule(hash);
            if (!rule.agreement().equals(id)) {
                throw new Rejection("no-such-rule", "Agreement " + id + " has no rule " + hash);
            }
        }
        List<Inflow> inflows = asked.inflows();
        if (inflows == null) {
            return Told.of(simulations.past(rule, hash, asked.compare(), asked.from(), asked.to(), by.getName()));
        }
        if (asked.from() != null || asked.to() != null) {
            throw new Rejection("simulation-invalid", "from, to: expected without inflows only, which have their own");
        }
        List<Invented> invented = new ArrayList<>();
        for (Inflow inflow : inflows) {
            invented.add(invented("inflows[" + invented.size() + "]", inflow));
        }
        return Told.of(simulations.invented(rule, hash, asked.compare(), invented, by.getName()));
    }

    private static Invented invented(String path, Inflow inflow) {
        BigInteger units = inflow.amount().units();
        if (units.signum() <= 0) {
            throw new Rejection(
                    "simulation-invalid", path + ".amount: found " + inflow.amount() + ", expected more than zero");
        }
        return new Invented(
                inflow.account(),
                inflow.valueDate(),
                Boolean.TRUE.equals(inflow.refund()) ? units.negate() : units,
                inflow.amount().currency(),
                inflow.channel(),
                inflow.country());
    }

    /** The newest hundred, the newest first. */
    @GetMapping("/api/v1/agreements/{id}/simulations")
    Map<String, List<Told>> all(@PathVariable String id) {
        agreements.known(id);
        return Map.of("simulations", simulations.all(id).stream().map(Told::of).toList());
    }

    @GetMapping("/api/v1/simulations/{simulationId}")
    Told show(@PathVariable String simulationId) {
        return Told.of(simulations.show(simulationId));
    }
}
