package io.sluice.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.security.Principal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/ledger/periods}: what is closed, and asking for more. */
@RestController
class PeriodController {

    /** @param lastDay the last day to be closed */
    record Closing(@JsonProperty(required = true) LocalDate lastDay) {}

    private final Periods periods;

    PeriodController(Periods periods) {
        this.periods = periods;
    }

    @GetMapping("/api/v1/ledger/periods")
    Map<String, List<Periods.Closed>> list() {
        return Map.of("items", periods.closed());
    }

    /** It waits on the work list for somebody else than its maker. */
    @PostMapping("/api/v1/ledger/periods")
    @ResponseStatus(HttpStatus.CREATED)
    Periods.Asked ask(@RequestBody Closing closing, Principal maker) {
        return periods.ask(closing.lastDay(), maker.getName());
    }
}
