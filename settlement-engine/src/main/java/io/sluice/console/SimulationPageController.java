package io.sluice.console;

import io.sluice.platform.BusinessClock;
import io.sluice.platform.Rejection;
import io.sluice.platform.Roles;
import io.sluice.routing.Destination;
import io.sluice.routing.SimulationResult;
import io.sluice.routing.SimulationResult.Line;
import io.sluice.routing.Simulations;
import io.sluice.routing.Simulations.Draft;
import io.sluice.routing.Simulations.Shown;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigInteger;
import java.security.Principal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Who would get what by a rule version, beside the version in force: what its approver has to have seen. */
@Controller
class SimulationPageController {

    /**
     * A claim's part, of one account or of all.
     *
     * @param account masked; null for all
     * @param compared null where there is nothing to compare with
     */
    record Row(
            @Nullable String account,
            String claim,
            String destination,
            String party,
            String given,
            @Nullable String compared,
            @Nullable String difference) {

        public String key() {
            return destination.replace('.', '-');
        }
    }

    private record Claim(String name, Destination to, String party) {}

    private final Simulations simulations;
    private final BusinessClock clock;
    private final MessageSource words;

    SimulationPageController(Simulations simulations, BusinessClock clock, MessageSource words) {
        this.simulations = simulations;
        this.clock = clock;
        this.words = words;
    }

    @GetMapping("/console/rules/{hash}/simulation")
    String page(@PathVariable String hash, Model model, Locale locale, Principal user, HttpServletRequest request) {
        model.addAttribute("f", new Formats(words, locale));
        model.addAttribute("user", user.getName());
        model.addAttribute("now", clock.now());
        model.addAttribute("draft", draft(hash));
        model.addAttribute("ruleHash", hash);
        model.addAttribute(
                "mayRun",
                Stream.of(Roles.RULE_ADMIN, Roles.APPROVER, Roles.AUDITOR, Roles.TREASURY_OPERATOR)
                        .anyMatch(request::isUserInRole));
        simulations.newest(hash).ifPresent(shown -> show(shown, model));
        return "simulation";
    }

    private static void show(Shown shown, Model model) {
        SimulationResult result = shown.result();
        String currency = result.currency();
        List<Line> lines = result.lines();
        model.addAttribute("shown", shown);
        model.addAttribute("result", result);
        model.addAttribute("received", new Amount(currency, result.rule().received()));
        model.addAttribute("refunded", new Amount(currency, result.rule().refunded()));
        model.addAttribute("arrears", new Amount(currency, result.rule().arrears()));
        model.addAttribute("givenAhead", new Amount(currency, result.rule().givenAhead()));
        model.addAttribute("deferred", new Amount(currency, result.rule().deferred()));
        model.addAttribute("claims", claims(lines, currency));
        model.addAttribute(
                "byAccount",
                lines.stream()
                        .map(line -> row(
                                masked(line.account()),
                                new Claim(line.claim(), line.to(), line.party()),
                                line.units(),
                                line.comparedUnits(),
                                currency))
                        .toList());
        model.addAttribute("picture", SimulationPicture.of(lines, Line::units, currency));
        if (result.compared() != null) {
            model.addAttribute(
                    "comparedPicture",
                    SimulationPicture.of(
                            lines,
                            line -> line.comparedUnits() == null ? BigInteger.ZERO : line.comparedUnits(),
                            currency));
        }
    }

    /** The account of invented inflows is nobody's, and has words of its own. */
    static String masked(String account) {
        return account.isEmpty() || account.equals("simulated") ? account : Way.mask(account);
    }

    /** Of all accounts together. */
    private static List<Row> claims(List<Line> lines, String currency) {
        Map<Claim, List<Line>> byClaim = new LinkedHashMap<>();
        lines.forEach(line -> byClaim.computeIfAbsent(
                        new Claim(line.claim(), line.to(), line.party()), claim -> new ArrayList<>())
                .add(line));
        return byClaim.entrySet().stream()
                .map(one -> row(
                        null,
                        one.getKey(),
                        one.getValue().stream().map(Line::units).reduce(BigInteger.ZERO, BigInteger::add),
                        one.getValue().stream().anyMatch(line -> line.comparedUnits() == null)
                                ? null
                                : one.getValue().stream()
                                        .map(line -> line.units().subtract(difference(line)))
                                        .reduce(BigInteger.ZERO, BigInteger::add),
                        currency))
                .toList();
    }

    private static BigInteger difference(Line line) {
        BigInteger difference = line.difference();
        return difference == null ? BigInteger.ZERO : difference;
    }

    private static Row row(
            @Nullable String account, Claim claim, BigInteger units, @Nullable BigInteger compared, String currency) {
        BigInteger difference = compared == null ? null : units.subtract(compared);
        return new Row(
                account,
                claim.name(),
                claim.to().text(),
                claim.party(),
                new Amount(currency, units).text(),
                compared == null ? null : new Amount(currency, compared).text(),
                difference == null
                        ? null
                        : (difference.signum() > 0 ? "+" : "") + new Amount(currency, difference).text());
    }

    /** Runs one on the agreement's past inflows, or says why not. */
    @PostMapping("/console/rules/{hash}/simulations")
    String run(
            @PathVariable String hash,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate from,
            @RequestParam(required = false) @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) @Nullable LocalDate to,
            Principal user,
            Locale locale,
            RedirectAttributes next) {
        draft(hash);
        try {
            simulations.simulate(hash, from, to, user.getName());
            next.addFlashAttribute("said", words.getMessage("simulation.done", null, locale));
            next.addFlashAttribute("refused", false);
        } catch (Rejection e) {
            next.addFlashAttribute("said", e.getMessage());
            next.addFlashAttribute("refused", true);
        }
        return "redirect:/console/rules/" + hash + "/simulation";
    }

    private Draft draft(String hash) {
        try {
            return simulations.draft(hash);
        } catch (Rejection e) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, e.getMessage(), e);
        }
    }
}
