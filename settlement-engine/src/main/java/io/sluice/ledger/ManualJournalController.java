package io.sluice.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.platform.Hashes;
import java.security.Principal;
import java.time.LocalDate;
import java.util.Base64;
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
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/ledger/journals}: journals by hand. */
@RestController
class ManualJournalController {

    /** @param document the bytes of what proves it, in Base64 */
    record NewJournal(
            @JsonProperty(required = true) String reference,
            @JsonProperty(required = true) String template,
            @JsonProperty(required = true) LocalDate valueDate,
            @JsonProperty(required = true) String reason,
            @JsonProperty(required = true) List<ManualJournal.Line> lines,
            @Nullable String document) {}

    private final ManualJournals journals;

    ManualJournalController(ManualJournals journals) {
        this.journals = journals;
    }

    @GetMapping("/api/v1/ledger/journal-templates")
    Map<String, List<ManualJournals.Template>> templates() {
        return Map.of("items", journals.templates());
    }

    /** It waits on the work list for somebody else than its maker. */
    @PostMapping("/api/v1/ledger/journals")
    @ResponseStatus(HttpStatus.CREATED)
    ManualJournals.Drafted draft(@RequestBody NewJournal asked, Principal maker) {
        byte[] document = decoded(asked.document());
        return journals.draft(
                new ManualJournal(
                        asked.reference(),
                        asked.template(),
                        asked.valueDate(),
                        asked.reason(),
                        document == null ? null : Hashes.sha256(document),
                        asked.lines()),
                document,
                maker.getName());
    }

    @GetMapping("/api/v1/ledger/journals/{reference}")
    ManualJournals.Shown show(@PathVariable String reference) {
        return journals.show(reference);
    }

    @GetMapping("/api/v1/ledger/journals/{reference}/document")
    ResponseEntity<byte[]> document(@PathVariable String reference, Principal reader) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"journal-document\"")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(journals.document(reference, reader.getName()));
    }

    private static byte @Nullable [] decoded(@Nullable String base64) {
        try {
            byte[] bytes = base64 == null ? null : Base64.getDecoder().decode(base64);
            if (bytes != null && bytes.length == 0) {
                throw new IllegalArgumentException("document: found no bytes, expected some, or no such field");
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("document: found no Base64 of any bytes", e);
        }
    }
}
