package io.sluice.policies;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.platform.Page;
import io.sluice.platform.PreconditionFailed;
import io.sluice.platform.Roles;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Mandates and the work list in the API. */
@RestController
class PolicyController {

    record Approval(@JsonProperty(required = true) String hash) {}

    /** How something that was told has been dealt with. */
    record Dismissal(@Nullable String note) {}

    record Drafted(String mandateHash, String state) {}

    private final Mandates mandates;
    private final MandateDrafts drafts;
    private final WorkList work;

    PolicyController(Mandates mandates, MandateDrafts drafts, WorkList work) {
        this.mandates = mandates;
        this.drafts = drafts;
        this.work = work;
    }

    @PostMapping("/api/v1/mandates")
    @ResponseStatus(HttpStatus.CREATED)
    Drafted draft(@RequestBody Mandates.Terms terms, Principal maker) {
        drafts.check(terms);
        String hash = mandates.draft(terms, maker.getName());
        return new Drafted(hash, drafts.state(hash));
    }

    @GetMapping("/api/v1/work")
    Page<WorkList.Item> work(
            @RequestParam(required = false) @Nullable String cursor, @RequestParam(defaultValue = "500") int limit) {
        return work.page(cursor, limit);
    }

    @PostMapping("/api/v1/work/{itemId}/approvals")
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, String> approve(
            @PathVariable String itemId,
            @RequestBody Approval approval,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            Principal approver) {
        if (ifMatch != null) {
            work.hash(itemId).ifPresent(hash -> PreconditionFailed.unlessMatching(ifMatch, hash));
        }
        work.approve(itemId, approval.hash(), approver.getName());
        return Map.of("itemId", itemId, "state", "DONE");
    }

    /** Declines what somebody has put forward, or takes back what one has put forward oneself. */
    @PostMapping("/api/v1/work/{itemId}/declinations")
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, String> decline(
            @PathVariable String itemId, @RequestBody Dismissal why, Principal by, HttpServletRequest request) {
        work.decline(
                itemId, Objects.requireNonNullElse(why.note(), ""), by.getName(), request.isUserInRole(Roles.APPROVER));
        return Map.of("itemId", itemId, "state", "DECLINED");
    }

    @PostMapping("/api/v1/work/{itemId}/dismissals")
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, String> dismiss(@PathVariable String itemId, @RequestBody Dismissal dismissal, Principal operator) {
        work.dismiss(itemId, Objects.requireNonNullElse(dismissal.note(), ""), operator.getName());
        return Map.of("itemId", itemId, "state", "DONE");
    }
}
