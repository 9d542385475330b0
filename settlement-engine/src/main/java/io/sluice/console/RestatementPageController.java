package io.sluice.console;

import io.sluice.platform.BusinessClock;
import io.sluice.platform.Rejection;
import io.sluice.platform.Roles;
import io.sluice.routing.Restatement;
import io.sluice.routing.Restatement.Difference;
import io.sluice.routing.Restatements;
import io.sluice.routing.Restatements.Shown;
import jakarta.servlet.http.HttpServletRequest;
import java.math.BigInteger;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What a restatement would change for whom, for the three people who must have seen it. */
@Controller
class RestatementPageController {

    /** A claim that comes out otherwise. */
    record Line(
            String key,
            @Nullable String payee,
            @Nullable String account,
            String given,
            String intended,
            String difference,
            boolean less,
            boolean nets) {}

    private final Restatements restatements;
    private final BusinessClock clock;
    private final MessageSource words;

    RestatementPageController(Restatements restatements, BusinessClock clock, MessageSource words) {
        this.restatements = restatements;
        this.clock = clock;
        this.words = words;
    }

    @GetMapping("/console/restatements/{hash}")
    String page(@PathVariable String hash, Model model, Locale locale, Principal user, HttpServletRequest request) {
        Shown shown = shown(hash);
        Restatement made = shown.restatement();
        List<Line> lines =
                made.differences().stream().map(line -> line(made, line)).toList();
        model.addAttribute("f", new Formats(words, locale));
        model.addAttribute("user", user.getName());
        model.addAttribute("now", clock.now());
        model.addAttribute("shown", shown);
        model.addAttribute("made", made);
        model.addAttribute("lines", lines);
        model.addAttribute(
                "mayConsent",
                shown.trustee() == null
                        && request.isUserInRole(Roles.TRUSTEE)
                        && !shown.madeBy().equals(user.getName()));
        return "restatement";
    }

    /** Consents as the trustee, or says why not. */
    @PostMapping("/console/restatements/{hash}/consents")
    String consent(@PathVariable String hash, Principal trustee, Locale locale, RedirectAttributes next) {
        try {
            restatements.consent(hash, trustee.getName());
            next.addFlashAttribute("said", words.getMessage("restatement.consented", null, locale));
            next.addFlashAttribute("refused", false);
        } catch (Rejection e) {
            next.addFlashAttribute("said", e.getMessage());
            next.addFlashAttribute("refused", true);
        }
        return "redirect:/console/restatements/" + hash;
    }

    private Shown shown(String hash) {
        try {
            return restatements.show(hash);
        } catch (Rejection e) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, e.getMessage(), e);
        }
    }

    private static Line line(Restatement made, Difference line) {
        boolean less = line.difference().signum() < 0;
        return new Line(
                line.destination().text(),
                line.payee(),
                line.account() == null ? null : Way.mask(line.account()),
                text(line.given(), made.currency()),
                text(line.intended(), made.currency()),
                (less ? "" : "+") + text(line.difference(), made.currency()),
                less,
                line.nets());
    }

    private static String text(BigInteger units, String currency) {
        return Amount.of(currency, units.longValueExact()).text();
    }
}
