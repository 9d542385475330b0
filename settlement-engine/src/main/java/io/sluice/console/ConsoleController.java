package io.sluice.console;

import io.sluice.console.View.Part;
import io.sluice.platform.Rejection;
import io.sluice.platform.Roles;
import io.sluice.policies.WorkList;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.MediaType;
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

/** The page, its parts as they change, and the one thing that can be done on it: approve. */
@Controller
class ConsoleController {

    private static final String PARTS = "parts";

    private final Snapshots snapshots;
    private final LiveViewers viewers;
    private final WorkList work;
    private final MessageSource words;

    ConsoleController(Snapshots snapshots, LiveViewers viewers, WorkList work, MessageSource words) {
        this.snapshots = snapshots;
        this.viewers = viewers;
        this.work = work;
        this.words = words;
    }

    @ModelAttribute
    void everyPage(Model model, Locale locale, @Nullable Principal user, HttpServletRequest request) {
        model.addAttribute("f", new Formats(words, locale));
        model.addAttribute("user", user == null ? null : user.getName());
        model.addAttribute("approver", user != null && request.isUserInRole(Roles.APPROVER));
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
        String said;
        boolean refused = false;
        try {
            work.approve(itemId, hash, approver.getName());
            said = words.getMessage("work.approved", null, locale);
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
