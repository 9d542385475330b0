package io.sluice.console;

import io.sluice.ledger.Explanations;
import io.sluice.ledger.Explanations.Explanation;
import io.sluice.ledger.Explanations.Report;
import io.sluice.money.Money;
import io.sluice.platform.BusinessClock;
import java.math.BigInteger;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.server.ResponseStatusException;

/** Why an inflow's parts are of the amounts that they are: one page from the bank's message to the payment. */
@Controller
class WhyController {

    /** In thousandths of the picture's width. */
    private static final int WIDTH = 1_000;

    /** A part as a bar; one that a reserve or a trap gave up is {@code givenUp} and begins where the inflow ends. */
    record Bar(Explanation why, Amount amount, String key, int x, int width, boolean givenUp) {}

    /** One figure of a platform's report, as it makes the deposit. */
    record Summand(String key, Amount amount) {}

    private final Explanations explanations;
    private final BusinessClock clock;
    private final MessageSource words;

    WhyController(Explanations explanations, BusinessClock clock, MessageSource words) {
        this.explanations = explanations;
        this.clock = clock;
        this.words = words;
    }

    @GetMapping("/console/inflows/{id}")
    String why(@PathVariable UUID id, Model model, Locale locale, Principal user) {
        List<Explanation> legs = explanations.ofInflow(id, locale);
        if (legs.isEmpty()) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, "Inflow " + id + " is not divided");
        }
        Explanation first = legs.getFirst();
        model.addAttribute("f", new Formats(words, locale));
        model.addAttribute("user", user.getName());
        model.addAttribute("now", clock.now());
        model.addAttribute("inflow", first.inflow());
        model.addAttribute("account", Way.mask(first.inflow().account()));
        model.addAttribute("amount", amount(first.inflow().amount()));
        model.addAttribute("rule", first.rule());
        model.addAttribute("agreement", first.agreementId());
        model.addAttribute("bars", bars(legs));
        model.addAttribute("counted", first.counted());
        model.addAttribute("countedWords", first.wordsOfCounted());
        model.addAttribute("nothing", first.wordsOfNothing());
        model.addAttribute(
                "summands",
                first.counted() == null || first.counted().report() == null
                        ? List.of()
                        : summands(first.counted().report(), first.inflow().amount()));
        return "why";
    }

    private static List<Summand> summands(Report report, Money deposit) {
        return List.of(
                new Summand("why.gross", amount(report.grossSales())),
                new Summand("why.refunds", less(report.refunds())),
                new Summand("why.fees", less(report.fees())),
                new Summand("why.reserve", less(report.platformReserve())),
                new Summand("why.deposit", amount(deposit)));
    }

    private static Amount less(Money money) {
        return new Amount(money.currency(), money.units().negate());
    }

    private static Amount amount(Money money) {
        return Amount.of(money.currency(), money.units().longValueExact());
    }

    private static List<Bar> bars(List<Explanation> legs) {
        BigInteger whole = legs.stream()
                .map(leg -> leg.amount().units().max(BigInteger.ZERO))
                .reduce(BigInteger.ZERO, BigInteger::add);
        List<Bar> bars = new ArrayList<>();
        BigInteger from = BigInteger.ZERO;
        for (Explanation leg : legs) {
            BigInteger units = leg.amount().units();
            boolean givenUp = units.signum() < 0;
            int x = thousandths(givenUp ? from.add(units).max(BigInteger.ZERO) : from, whole);
            int width = Math.max(2, thousandths(units.abs(), whole));
            bars.add(new Bar(leg, amount(leg.amount()), leg.destination().replace('.', '-'), x, width, givenUp));
            from = givenUp ? from : from.add(units);
        }
        return bars;
    }

    private static int thousandths(BigInteger part, BigInteger whole) {
        return part.multiply(BigInteger.valueOf(WIDTH)).divide(whole).intValueExact();
    }
}
