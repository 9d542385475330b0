package io.sluice.settlement;

import io.sluice.platform.Page;
import java.security.Principal;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/returned-payouts}. */
@RestController
class ReturnedPayoutController {

    private final ReturnedPayouts returned;

    ReturnedPayoutController(ReturnedPayouts returned) {
        this.returned = returned;
    }

    @GetMapping("/api/v1/returned-payouts")
    Page<ReturnedPayouts.Returned> list(
            @RequestParam(required = false) @Nullable String cursor, @RequestParam(defaultValue = "100") int limit) {
        return returned.page(cursor, limit);
    }

    /** @return the order, which waits on the work list for somebody else than its maker */
    @PostMapping("/api/v1/returned-payouts/{instructionId}/payments")
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, String> payAgain(@PathVariable UUID instructionId, Principal operator) {
        UUID orderId = returned.payAgain(instructionId, operator.getName());
        return Map.of(
                "instructionId", instructionId.toString(), "orderId", orderId.toString(), "state", "PENDING_APPROVAL");
    }
}
