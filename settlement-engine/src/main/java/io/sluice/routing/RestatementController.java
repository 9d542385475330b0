package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.money.Money;
import io.sluice.routing.Restatements.Shown;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Restatements in the API. They are approved like everything else that waits, by {@code POST /api/v1/work/{itemId}/approvals}. */
@RestController
class RestatementController {

    /**
     * @param replaces hash of the version that was wrong
     * @param by hash of the later version that says what was meant
     */
    record Asked(
            @JsonProperty(required = true) String replaces,
            @JsonProperty(required = true) String by,
            @JsonProperty(required = true) String reason) {}

    /** @param nets whether the next inflows settle it */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Line(
            String claim,
            String to,
            @Nullable String payee,
            @Nullable String account,
            Money given,
            Money intended,
            Money difference,
            boolean nets) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Told(
            String restatementHash,
            String itemId,
            String agreementId,
            String replaces,
            int replacedVersion,
            String by,
            int byVersion,
            String reason,
            long inflows,
            List<Line> differences,
            String state,
            String madeBy,
            Instant madeAt,
            @Nullable String trustee,
            @Nullable String approvedBy) {

        static Told of(Shown shown) {
            Restatement made = shown.restatement();
            String currency = made.currency();
            return new Told(
                    shown.restatementHash(),
                    Restatements.ITEM + shown.restatementHash(),
                    made.agreementId(),
                    made.replacedHash(),
                    made.replacedVersion(),
                    made.byHash(),
                    made.byVersion(),
                    made.reason(),
                    made.inflows(),
                    made.differences().stream()
                            .map(line -> new Line(
                                    line.claim(),
                                    line.destination().text(),
                                    line.payee(),
                                    line.account(),
                                    Money.of(line.given(), currency),
                                    Money.of(line.intended(), currency),
                                    Money.of(line.difference(), currency),
                                    line.nets()))
                            .toList(),
                    shown.state(),
                    shown.madeBy(),
                    shown.madeAt(),
                    shown.trustee(),
                    shown.approvedBy());
        }
    }

    private final Restatements restatements;

    RestatementController(Restatements restatements) {
        this.restatements = restatements;
    }

    /** Makes the figures up; it takes as long as reading all of the agreement's events twice. */
    @PostMapping("/api/v1/agreements/{id}/restatements")
    @ResponseStatus(HttpStatus.CREATED)
    Told propose(@PathVariable String id, @RequestBody Asked asked, Principal maker) {
        return Told.of(restatements.propose(
                id,
                String.valueOf(asked.replaces()),
                String.valueOf(asked.by()),
                asked.reason() == null ? "" : asked.reason(),
                maker.getName()));
    }

    @GetMapping("/api/v1/agreements/{id}/restatements")
    Map<String, List<Told>> all(@PathVariable String id) {
        return Map.of(
                "restatements", restatements.all(id).stream().map(Told::of).toList());
    }

    @GetMapping("/api/v1/restatements/{hash}")
    Told show(@PathVariable String hash) {
        return Told.of(restatements.show(hash));
    }

    /** The trustee has seen the figures. */
    @PostMapping("/api/v1/restatements/{hash}/consents")
    @ResponseStatus(HttpStatus.CREATED)
    Told consent(@PathVariable String hash, Principal trustee) {
        restatements.consent(hash, trustee.getName());
        return Told.of(restatements.show(hash));
    }
}
