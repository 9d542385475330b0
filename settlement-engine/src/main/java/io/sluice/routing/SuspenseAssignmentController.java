package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.security.Principal;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /api/v1/suspense/{inflowId}/assignments}. */
@RestController
class SuspenseAssignmentController {

    record Assignment(@JsonProperty(required = true) String storeId) {}

    private final SuspenseAssignments assignments;

    SuspenseAssignmentController(SuspenseAssignments assignments) {
        this.assignments = assignments;
    }

    @PostMapping("/api/v1/suspense/{inflowId}/assignments")
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, String> assign(@PathVariable UUID inflowId, @RequestBody Assignment assignment, Principal operator) {
        assignments.assign(inflowId, String.valueOf(assignment.storeId()), operator.getName());
        return Map.of("inflowId", inflowId.toString(), "state", "ASSIGNED");
    }
}
