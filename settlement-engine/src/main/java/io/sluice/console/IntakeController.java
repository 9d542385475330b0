package io.sluice.console;

import io.sluice.collection.Announcements;
import io.sluice.collection.ParkedDeliveries;
import io.sluice.collection.StatementDesk;
import io.sluice.collection.StatementReport;
import io.sluice.collection.Suspense;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Rejection;
import io.sluice.platform.Roles;
import io.sluice.routing.Agreements;
import io.sluice.routing.SuspenseAssignments;
import io.sluice.settlement.ReturnedPayouts;
import io.sluice.settlement.SuspenseReturns;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What came in and waits for a person: money in suspense, and deliveries that could not be read. Works without scripts. */
@Controller
class IntakeController {

    /** Money in suspense; {@code store} is the one that it may be assigned to, where its account is a store's. */
    record Suspended(
            Suspense.Item item,
            Amount amount,
            @Nullable String storeId,
            @Nullable String merchant) {}

    /** A payout that the bank brought back. */
    record CameBack(ReturnedPayouts.Returned payout, Amount amount) {}

    /** A credit that is expected and does not count yet. */
    record Expected(Announcements.Expected item, Amount amount) {}

    /** How many deliveries are in which state. */
    record Counts(long unread, long asked, long parked, long read) {}

    private static final int SHOWN = 50;
    private static final String PAGE = "redirect:/console/intake";

    private final JdbcClient db;
    private final Suspense suspense;
    private final SuspenseAssignments assignments;
    private final SuspenseReturns returns;
    private final ParkedDeliveries parked;
    private final StatementDesk desk;
    private final ReturnedPayouts returned;
    private final Announcements announcements;
    private final Agreements agreements;
    private final BusinessClock clock;
    private final Snapshots snapshots;
    private final MessageSource words;

    IntakeController(
            JdbcClient db,
            Suspense suspense,
            SuspenseAssignments assignments,
            SuspenseReturns returns,
            ParkedDeliveries parked,
            StatementDesk desk,
            ReturnedPayouts returned,
            Announcements announcements,
            Agreements agreements,
            BusinessClock clock,
            Snapshots snapshots,
            MessageSource words) {
        this.db = db;
        this.suspense = suspense;
        this.assignments = assignments;
        this.returns = returns;
        this.parked = parked;
        this.desk = desk;
        this.returned = returned;
        this.announcements = announcements;
        this.agreements = agreements;
        this.clock = clock;
        this.snapshots = snapshots;
        this.words = words;
    }

    @GetMapping("/console/intake")
    String page(Model model, Locale locale, @Nullable Principal user, HttpServletRequest request) {
        boolean operator = user != null && request.isUserInRole(Roles.TREASURY_OPERATOR);
        model.addAttribute("f", new Formats(words, locale));
        model.addAttribute("user", user == null ? null : user.getName());
        model.addAttribute("operator", operator);
        model.addAttribute("mayReadRaw", operator || (user != null && request.isUserInRole(Roles.AUDITOR)));
        model.addAttribute("now", clock.now());
        model.addAttribute("counts", counts());
        model.addAttribute("suspended", suspended());
        model.addAttribute("inSuspense", suspense.count());
        model.addAttribute("cameBack", cameBack());
        model.addAttribute("expected", expected());
        model.addAttribute("parked", parked.before(Long.MAX_VALUE, SHOWN));
        return "intake";
    }

    @PostMapping("/console/suspense/{inflowId}/assignments")
    String assign(
            @PathVariable UUID inflowId,
            @RequestParam String storeId,
            Principal operator,
            Locale locale,
            RedirectAttributes next) {
        return after(
                () -> assignments.assign(inflowId, storeId, operator.getName()), "suspense.assigned", locale, next);
    }

    @PostMapping("/console/suspense/{inflowId}/returns")
    String sendBack(@PathVariable UUID inflowId, Principal operator, Locale locale, RedirectAttributes next) {
        return after(() -> returns.sendBack(inflowId, operator.getName()), "suspense.returned", locale, next);
    }

    /** Takes a camt file in by the road of the intake folder, and shows what it came to. */
    @PostMapping("/console/statements")
    String upload(@RequestParam MultipartFile file, Principal operator, Locale locale, RedirectAttributes next)
            throws IOException {
        if (file.getSize() > StatementDesk.LARGEST) {
            return after(
                    () -> {
                        throw new Rejection("file-too-large", "A file has at most " + StatementDesk.LARGEST + " bytes");
                    },
                    "",
                    locale,
                    next);
        }
        byte[] body = file.getBytes();
        List<StatementReport> report = new ArrayList<>();
        String page = after(() -> report.add(desk.take(body, operator.getName())), "upload.taken", locale, next);
        return report.isEmpty()
                ? page
                : "redirect:/console/deliveries/" + report.getFirst().deliveryId() + "/report";
    }

    @GetMapping("/console/deliveries/{id}/report")
    String report(@PathVariable long id, Model model, Locale locale, Principal user) {
        model.addAttribute("f", new Formats(words, locale));
        model.addAttribute("user", user.getName());
        model.addAttribute("now", clock.now());
        model.addAttribute("report", desk.report(id));
        return "statement";
    }

    /** Orders a payout again that the bank brought back. */
    @PostMapping("/console/returned-payouts/{instructionId}/payments")
    String payAgain(@PathVariable UUID instructionId, Principal operator, Locale locale, RedirectAttributes next) {
        return after(() -> returned.payAgain(instructionId, operator.getName()), "suspense.returned", locale, next);
    }

    /** Has a parked delivery read again, and stays here. */
    @PostMapping("/console/intake/{id}/replays")
    String replay(@PathVariable long id, Principal operator, Locale locale, RedirectAttributes next) {
        return after(() -> parked.replay(id, operator.getName()), "parked.replayed", locale, next);
    }

    private String after(Runnable order, String done, Locale locale, RedirectAttributes next) {
        try {
            order.run();
            next.addFlashAttribute("said", words.getMessage(done, null, locale));
            next.addFlashAttribute("refused", false);
        } catch (Rejection e) {
            next.addFlashAttribute(
                    "said", words.getMessage("rejection." + e.type(), null, String.valueOf(e.getMessage()), locale));
            next.addFlashAttribute("refused", true);
        }
        snapshots.forget();
        return PAGE;
    }

    private List<CameBack> cameBack() {
        return returned.waiting().stream()
                .limit(SHOWN)
                .map(one -> new CameBack(one, Amount.of(one.currency(), one.units())))
                .toList();
    }

    private List<Expected> expected() {
        return announcements.newest(SHOWN).stream()
                .map(one -> new Expected(one, Amount.of(one.currency(), one.units())))
                .toList();
    }

    private Counts counts() {
        return db.sql("select count(*) filter (where state = 'NEW') as unread, count(*) filter (where state = 'FETCH')"
                        + " as asked, count(*) filter (where state = 'PARKED') as parked,"
                        + " count(*) filter (where state = 'DONE') as read from inbox")
                .query(Counts.class)
                .single();
    }

    private List<Suspended> suspended() {
        List<Agreements.StoreView> stores = agreements.stores();
        return suspense.waiting(SHOWN).stream()
                .map(item -> stores.stream()
                        .filter(store -> store.collectionAccount().equals(item.account()))
                        .findFirst()
                        .map(store -> new Suspended(item, amount(item), store.storeId(), store.merchantName()))
                        .orElse(new Suspended(item, amount(item), null, null)))
                .toList();
    }

    private static Amount amount(Suspense.Item item) {
        return Amount.of(item.currency(), item.units());
    }
}
