package io.sluice.ledger;

import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the books must show at any time: {@code /api/v1/ledger/coverage} and {@code /api/v1/ledger/clearing}. */
@RestController
class LedgerChecksController {

    private final Coverage coverage;
    private final ClearingAccounts clearing;

    LedgerChecksController(Coverage coverage, ClearingAccounts clearing) {
        this.coverage = coverage;
        this.clearing = clearing;
    }

    @GetMapping("/api/v1/ledger/coverage")
    Map<String, List<Coverage.Covered>> coverage() {
        return Map.of("items", coverage.now());
    }

    @GetMapping("/api/v1/ledger/clearing")
    Map<String, List<ClearingAccounts.Open>> clearing() {
        return Map.of("items", clearing.open());
    }
}
