package io.sluice.collection;

import io.sluice.platform.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/v1/suspense}: money that nobody expected; what is done with it is routing's and settlement's. */
@RestController
class SuspenseController {

    record Waiting(
            List<Suspense.Item> items, long count, @Nullable String next) {}

    private final Suspense suspense;

    SuspenseController(Suspense suspense) {
        this.suspense = suspense;
    }

    /** Those that wait for a person, the oldest first; {@code count} is of all. */
    @GetMapping("/api/v1/suspense")
    Waiting waiting(
            @RequestParam(required = false) @Nullable String cursor, @RequestParam(defaultValue = "100") int limit) {
        Page<Suspense.Item> page = suspense.page(cursor, limit);
        return new Waiting(page.items(), suspense.count(), page.next());
    }
}
