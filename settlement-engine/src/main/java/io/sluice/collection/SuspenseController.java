package io.sluice.collection;

import io.sluice.platform.Page;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/v1/suspense}: money that nobody expected; what is done with it is routing's and settlement's. */
@RestController
class SuspenseController {

    private final Suspense suspense;

    SuspenseController(Suspense suspense) {
        this.suspense = suspense;
    }

    /** Those that wait for a person, the oldest first; {@code count} is of all. */
    @GetMapping("/api/v1/suspense")
    Map<String, Object> waiting(@RequestParam(defaultValue = "100") int limit) {
        List<Suspense.Item> items = suspense.waiting(Page.limit(limit));
        return Map.of("items", items, "count", suspense.count());
    }
}
