package io.sluice.collection;

import io.sluice.platform.Page;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/v1/announcements}: credits that are expected and do not count yet. */
@RestController
class AnnouncementController {

    private final Announcements announcements;

    AnnouncementController(Announcements announcements) {
        this.announcements = announcements;
    }

    /** Those that wait or have lapsed, the oldest first. */
    @GetMapping("/api/v1/announcements")
    Page<Announcements.Expected> list(
            @RequestParam(required = false) @Nullable String cursor, @RequestParam(defaultValue = "100") int limit) {
        return announcements.page(cursor, limit);
    }
}
