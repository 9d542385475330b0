package io.sluice.console;

import io.sluice.collection.ParkedDeliveries;
import io.sluice.console.View.Part;
import io.sluice.platform.Rejection;
import io.sluice.platform.Roles;
import io.sluice.policies.WorkList;
import io.sluice.reconciliation.Breaks;
import io.sluice.routing.RoutingHolds;
import io.sluice.routing.ValueDates;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The page, its parts as they change, and what can be done on it. */
@Controller
class ConsoleController {

    private static final String PARTS = "parts";

    private final Snapshots snapshots;
    private final LiveViewers viewers;
    private final WorkList work;
    private final ParkedDeliveries parked;
    private final Breaks breaks;
    private final RoutingHolds holds;
    private final ValueDates dates;
    private final MessageSource words;

    ConsoleController(
            Snapshots snapshots,
            LiveViewers viewers,
            WorkList work,
            ParkedDeliveries parked,
            Breaks breaks,
            RoutingHolds holds,
            ValueDates dates,
            MessageSource words) {
        this.snapshots = snapshots;
        this.viewers = viewers;
        this.work = work;
        this.parked = parked;
        this.breaks = breaks;
        this.holds = holds;
        this.dates = dates;
        this.words = words;
    }

    @ModelAttribute
    void everyPage(Model model, Locale locale, @Nullable Principal user, HttpServletRequest request) {
        model.addAttribute("f", new Formats(words, locale));
        model.addAttribute("user", user == null ? null : user.getName());
        model.addAttribute("operator", user != null && request.isUserInRole(Roles.TREASURY_OPERATOR));
        model.addAttribute(
                "mayReadRaw",
                user != null && (request.isUserInRole(Roles.TREASURY_OPERATOR) || request.isUserInRole(Roles.AUDITOR)));
        model.addAttribute("inside", user != null && Arrays.stream(Roles.INSIDE).anyMatch(request::isUserInRole));
        model.addAttribute("approver", user != null && request.isUserInRole(Roles.APPROVER));
        model.addAttribute(
                "mayHold",
                user != null
                        && Stream.of(Roles.TREASURY_OPERATOR, Roles.APPROVER, Roles.RULE_ADMIN, Roles.TRUSTEE)
                                .anyMatch(request::isUserInRole));
    }

    @GetMapping("/")
    String overview(Model model) {
        return show(
                model, "console", Arrays.stream(Part.values()).map(Part::key).toList());
    }

    @GetMapping("/login")
    String login() {
        return "login";
    }

    /** Those of the named parts that exist, each to replace itself in the page. */
    @GetMapping("/console/parts")
    String parts(@RequestParam List<String> of, Model model) {
        Set<String> asked = new TreeSet<>(of);
        model.addAttribute("swap", true);
        return show(
                model,
                PARTS,
                Arrays.stream(Part.values())
                        .map(Part::key)
                        .filter(asked::contains)
                        .toList());
    }

    @GetMapping(path = "/console/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter stream() {
        return viewers.join();
    }

    /** Approves an item, or says why not; without scripts the page is loaded again. */
    @PostMapping("/console/work/{itemId}/approvals")
    String approve(
            @PathVariable String itemId,
            @RequestParam String hash,
            Principal approver,
            @RequestHeader(name = "HX-Request", required = false) @Nullable String byScript,
            Locale locale,
            Model model,
            RedirectAttributes next) {
        return after(
                () -> work.approve(itemId, hash, approver.getName()), "work.approved", byScript, locale, model, next);
    }

    /** Declines what somebody has put forward, or takes back what one has put forward oneself. */
    @PostMapping("/console/work/{itemId}/declinations")
    String decline(
            @PathVariable String itemId,
            @RequestParam String note,
            Principal by,
            HttpServletRequest request,
            @RequestHeader(name = "HX-Request", required = false) @Nullable String byScript,
            Locale locale,
            Model model,
            RedirectAttributes next) {
        return after(
                () -> work.decline(itemId, note, by.getName(), request.isUserInRole(Roles.APPROVER)),
                "work.declined",
                byScript,
                locale,
                model,
                next);
    }

    /** Closes what was told, with a word on how it was dealt with. */
    @PostMapping("/console/work/{itemId}/dismissals")
    String dismiss(
            @PathVariable String itemId,
            @RequestParam String note,
            Principal operator,
            @RequestHeader(name = "HX-Request", required = false) @Nullable String byScript,
            Locale locale,
            Model model,
            RedirectAttributes next) {
        return after(
                () -> work.dismiss(itemId, note, operator.getName()), "work.dismissed", byScript, locale, model, next);
    }

    /** Closes a break, with a word on what it was. */
    @PostMapping("/console/breaks/{breakId}/resolutions")
    String resolve(
            @PathVariable UUID breakId,
            @RequestParam String note,
            Principal operator,
            @RequestHeader(name = "HX-Request", required = false) @Nullable String byScript,
            Locale locale,
            Model model,
            RedirectAttributes next) {
        return after(
                () -> breaks.resolve(breakId, note, operator.getName()),
                "work.dismissed",
                byScript,
                locale,
                model,
                next);
    }

    /** Stops an agreement's routing. */
    @PostMapping("/console/agreements/holds")
    String hold(
            @RequestParam String agreementId,
            @RequestParam String reason,
            Principal by,
            @RequestHeader(name = "HX-Request", required = false) @Nullable String byScript,
            Locale locale,
            Model model,
            RedirectAttributes next) {
        return after(
                () -> holds.hold(agreementId.strip(), reason, by.getName()),
                "hold.held",
                byScript,
                locale,
                model,
                next);
    }

    /** Asks for an agreement's routing to go on. */
    @PostMapping("/console/agreements/{agreementId}/holds/releases")
    String release(
            @PathVariable String agreementId,
            Principal operator,
            @RequestHeader(name = "HX-Request", required = false) @Nullable String byScript,
            Locale locale,
            Model model,
            RedirectAttributes next) {
        return after(
                () -> holds.askForRelease(agreementId, operator.getName()),
                "hold.asked",
                byScript,
                locale,
                model,
                next);
    }

    /** Says by which date an inflow is divided whose value date is odd. */
    @PostMapping("/console/value-dates/{inflowId}/choices")
    String choose(
            @PathVariable UUID inflowId,
            @RequestParam LocalDate valueDate,
            @RequestParam String reason,
            Principal operator,
            @RequestHeader(name = "HX-Request", required = false) @Nullable String byScript,
            Locale locale,
            Model model,
            RedirectAttributes next) {
        return after(
                () -> dates.choose(inflowId, valueDate, reason, operator.getName()),
                "odd.chosen",
                byScript,
                locale,
                model,
                next);
    }

    /** Has a parked delivery read again. */
    @PostMapping("/console/deliveries/{id}/replays")
    String replay(
            @PathVariable long id,
            Principal operator,
            @RequestHeader(name = "HX-Request", required = false) @Nullable String byScript,
            Locale locale,
            Model model,
            RedirectAttributes next) {
        return after(() -> parked.replay(id, operator.getName()), "parked.replayed", byScript, locale, model, next);
    }

    /** A delivery's bytes as the bank sent them, as a file. */
    @GetMapping("/console/deliveries/{id}/body")
    ResponseEntity<byte[]> body(@PathVariable long id, Principal reader) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"delivery-" + id + "\"")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(parked.body(id, reader.getName()));
    }

    /** Does what a person ordered, and shows the parts that it concerns with a sentence that says so, or why not. */
    private String after(
            Runnable order,
            String done,
            @Nullable String byScript,
            Locale locale,
            Model model,
            RedirectAttributes next) {
        String said;
        boolean refused = false;
        try {
            order.run();
            said = words.getMessage(done, null, locale);
        } catch (Rejection e) {
            refused = true;
            said = words.getMessage("rejection." + e.type(), null, String.valueOf(e.getMessage()), locale);
        }
        snapshots.forget();
        if (byScript == null) {
            next.addFlashAttribute("said", said).addFlashAttribute("refused", refused);
            return "redirect:/#waiting";
        }
        model.addAttribute("said", said).addAttribute("refused", refused).addAttribute("swap", true);
        return show(model, PARTS, List.of(Part.WAITING.key(), Part.SUMMARY.key()));
    }

    private String show(Model model, String template, List<String> parts) {
        model.addAttribute("v", snapshots.current());
        model.addAttribute("shown", parts);
        return template;
    }
}
