package io.sluice.collection;

import io.sluice.platform.Page;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/deliveries}: what banks delivered and nobody could read. */
@RestController
class DeliveryController {

    private final ParkedDeliveries parked;

    DeliveryController(ParkedDeliveries parked) {
        this.parked = parked;
    }

    /** The parked ones, newest first. */
    @GetMapping("/api/v1/deliveries")
    Page<Inbox.Delivery> list(
            @RequestParam(required = false) @Nullable String cursor, @RequestParam(defaultValue = "100") int limit) {
        int rows = Page.limit(limit);
        List<Inbox.Delivery> found = parked.before(Page.after(cursor, Long.MAX_VALUE), rows + 1);
        return Page.of(found, rows, Inbox.Delivery::id);
    }

    @GetMapping("/api/v1/deliveries/{id}")
    Inbox.Delivery one(@PathVariable long id) {
        return parked.find(id);
    }

    @GetMapping("/api/v1/deliveries/{id}/body")
    ResponseEntity<byte[]> body(@PathVariable long id, Principal reader) {
        return download(id, parked.body(id, reader.getName()));
    }

    @PostMapping("/api/v1/deliveries/{id}/replays")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Map<String, Object> replay(@PathVariable long id, Principal operator) {
        parked.replay(id, operator.getName());
        return Map.of("id", id, "state", "NEW");
    }

    /** As a file and never as a page: a bank's bytes are not ours. */
    static ResponseEntity<byte[]> download(long id, byte[] body) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"delivery-" + id + "\"")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(body);
    }
}
