package io.sluice.ledger;

import io.sluice.ledger.AgreementEnds.Asked;
import io.sluice.ledger.AgreementEnds.Step;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** How agreements end. Each step waits on the work list for somebody else. */
@RestController
class AgreementEndController {

    private static final int USUAL_DAYS = 90;

    /** @param days for which refunds may still come; null: 90 */
    record RunOff(@Nullable Integer days) {}

    private final AgreementEnds ends;

    AgreementEndController(AgreementEnds ends) {
        this.ends = ends;
    }

    @PostMapping("/api/v1/agreements/{id}/run-offs")
    @ResponseStatus(HttpStatus.CREATED)
    Asked runOff(@PathVariable String id, @RequestBody RunOff asked, Principal by) {
        Integer days = asked.days();
        return ends.ask(id, Step.RUN_OFF, days == null ? USUAL_DAYS : days, by.getName());
    }

    @PostMapping("/api/v1/agreements/{id}/releases")
    @ResponseStatus(HttpStatus.CREATED)
    Asked release(@PathVariable String id, Principal by) {
        return ends.ask(id, Step.RELEASE, 0, by.getName());
    }

    @PostMapping("/api/v1/agreements/{id}/closures")
    @ResponseStatus(HttpStatus.CREATED)
    Asked close(@PathVariable String id, Principal by) {
        return ends.ask(id, Step.CLOSE, 0, by.getName());
    }
}
