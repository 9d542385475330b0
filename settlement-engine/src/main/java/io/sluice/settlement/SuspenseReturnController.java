package io.sluice.settlement;

import java.security.Principal;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /api/v1/suspense/{inflowId}/returns}. */
@RestController
class SuspenseReturnController {

    private final SuspenseReturns returns;

    SuspenseReturnController(SuspenseReturns returns) {
        this.returns = returns;
    }

    /** @return the order, which waits on the work list for somebody else than its maker */
    @PostMapping("/api/v1/suspense/{inflowId}/returns")
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, String> sendBack(@PathVariable UUID inflowId, Principal operator) {
        UUID orderId = returns.sendBack(inflowId, operator.getName());
        return Map.of("inflowId", inflowId.toString(), "orderId", orderId.toString(), "state", "PENDING_APPROVAL");
    }
}
