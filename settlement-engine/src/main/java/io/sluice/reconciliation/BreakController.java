package io.sluice.reconciliation;

import io.sluice.platform.Page;
import java.security.Principal;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/breaks}: what does not agree with the banks' statements, until somebody has found out why. */
@RestController
class BreakController {

    record Resolution(@Nullable String note) {}

    private final Breaks breaks;

    BreakController(Breaks breaks) {
        this.breaks = breaks;
    }

    @GetMapping("/api/v1/breaks")
    Page<Breaks.Break> list(
            @RequestParam(required = false) @Nullable String cursor, @RequestParam(defaultValue = "100") int limit) {
        return breaks.page(cursor, limit);
    }

    @PostMapping("/api/v1/breaks/{breakId}/resolutions")
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, String> resolve(@PathVariable UUID breakId, @RequestBody Resolution resolution, Principal operator) {
        breaks.resolve(breakId, Objects.requireNonNullElse(resolution.note(), ""), operator.getName());
        return Map.of("breakId", breakId.toString(), "state", "RESOLVED");
    }
}
