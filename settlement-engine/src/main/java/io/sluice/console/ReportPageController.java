package io.sluice.console;

import io.sluice.money.Money;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Rejection;
import io.sluice.platform.Roles;
import io.sluice.routing.Agreements;
import io.sluice.routing.Agreements.StoreView;
import io.sluice.routing.ReportDesk;
import io.sluice.routing.ReportDesk.TakenFile;
import io.sluice.routing.ReportDesk.TakenPayout;
import io.sluice.routing.SettlementReports;
import io.sluice.routing.SettlementReports.Awaited;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.security.Principal;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Deposits whose basis is an estimate until their platform reports, and the form that takes such reports in. Works without scripts. */
@Controller
class ReportPageController {

    /** A deposit that waits. */
    record Waiting(Awaited deposit, Amount amount, Amount estimate, long days) {}

    /** What became of a payout in a file. */
    record Taken(
            TakenPayout payout,
            @Nullable Amount estimate,
            @Nullable Amount reported) {}

    private static final int SHOWN = 100;
    private static final int LARGEST = 16 * 1024 * 1024;

    private final SettlementReports reports;
    private final ReportDesk desk;
    private final Agreements agreements;
    private final BusinessClock clock;
    private final MessageSource words;

    ReportPageController(
            SettlementReports reports,
            ReportDesk desk,
            Agreements agreements,
            BusinessClock clock,
            MessageSource words) {
        this.reports = reports;
        this.desk = desk;
        this.agreements = agreements;
        this.clock = clock;
        this.words = words;
    }

    @GetMapping("/console/reports")
    String page(Model model, Locale locale, Principal user, HttpServletRequest request) {
        model.addAttribute("f", new Formats(words, locale));
        model.addAttribute("user", user.getName());
        model.addAttribute("operator", request.isUserInRole(Roles.TREASURY_OPERATOR));
        model.addAttribute("now", clock.now());
        model.addAttribute("waiting", waiting());
        model.addAttribute("inAll", reports.awaited());
        model.addAttribute("stores", stores());
        return "reports";
    }

    /** Takes a file in for a store, and says of each payout what became of it. */
    @PostMapping("/console/reports")
    String upload(
            @RequestParam String storeId,
            @RequestParam MultipartFile file,
            Principal operator,
            Locale locale,
            RedirectAttributes next)
            throws IOException {
        next.addFlashAttribute("chosen", storeId);
        if (file.getSize() > LARGEST) {
            refused(words.getMessage("rejection.file-too-large", null, locale), next);
        } else {
            try {
                TakenFile taken = desk.take(storeId, file.getBytes(), operator.getName());
                next.addFlashAttribute("taken", taken);
                next.addFlashAttribute(
                        "payouts",
                        taken.payouts().stream()
                                .map(one -> new Taken(one, amount(one.estimatedBasis()), amount(one.reportedBasis())))
                                .toList());
            } catch (Rejection e) {
                refused(String.valueOf(e.getMessage()), next);
            }
        }
        return "redirect:/console/reports";
    }

    private static @Nullable Amount amount(@Nullable Money money) {
        return money == null ? null : new Amount(money.currency(), money.units());
    }

    private static void refused(String why, RedirectAttributes next) {
        next.addFlashAttribute("said", why);
        next.addFlashAttribute("refused", true);
    }

    private List<Waiting> waiting() {
        LocalDate today = clock.today();
        return reports.awaited(SHOWN).stream()
                .map(one -> new Waiting(
                        one,
                        Amount.of(one.currency(), one.units()),
                        Amount.of(one.currency(), one.provisionalBase()),
                        ChronoUnit.DAYS.between(one.valueDate(), today)))
                .toList();
    }

    private List<StoreView> stores() {
        return agreements.stores().stream()
                .sorted(Comparator.comparing(StoreView::storeId))
                .toList();
    }
}
