package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.routing.ValueDates.Chosen;
import io.sluice.routing.ValueDates.Odd;
import java.security.Principal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What people decide of inflows that wait to be divided: stops, and value dates. */
@RestController
class RoutingDeskController {

    record Why(@JsonProperty(required = true) String reason) {}

    record Choice(
            @JsonProperty(required = true) LocalDate valueDate,
            @JsonProperty(required = true) String reason) {}

    private final RoutingHolds holds;
    private final ValueDates dates;

    RoutingDeskController(RoutingHolds holds, ValueDates dates) {
        this.holds = holds;
        this.dates = dates;
    }

    @PostMapping("/api/v1/agreements/{id}/holds")
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, String> hold(@PathVariable String id, @RequestBody Why why, Principal by) {
        holds.hold(id, text(why.reason()), by.getName());
        return Map.of("agreementId", id, "state", "HELD");
    }

    /** It waits on the work list for a second person. */
    @PostMapping("/api/v1/agreements/{id}/holds/releases")
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, String> release(@PathVariable String id, Principal by) {
        return Map.of("agreementId", id, "itemId", holds.askForRelease(id, by.getName()));
    }

    /** The oldest inflows whose value date somebody has to look at. */
    @GetMapping("/api/v1/value-dates")
    Map<String, List<Odd>> odd() {
        return Map.of("inflows", dates.waiting());
    }

    @PostMapping("/api/v1/value-dates/{inflowId}/choices")
    @ResponseStatus(HttpStatus.CREATED)
    Chosen choose(@PathVariable UUID inflowId, @RequestBody Choice choice, Principal operator) {
        return dates.choose(inflowId, choice.valueDate(), text(choice.reason()), operator.getName());
    }

    private static String text(@Nullable String words) {
        return words == null ? "" : words;
    }
}
