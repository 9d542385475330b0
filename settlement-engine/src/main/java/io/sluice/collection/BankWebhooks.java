package io.sluice.collection;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.bank.Acknowledgement;
import io.sluice.bank.BankAdapter;
import io.sluice.bank.Verdict;
import io.sluice.bank.WebhookDelivery;
import io.sluice.platform.SharedTransactions;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where banks deliver: {@code POST /hooks/{bank}}. Bytes are verified before anything reads them and acknowledged only after they are
 * committed, those that arrive at the same time in one transaction. Refused ones are counted, not kept. While the database does not
 * commit, banks are told to come again in time for them to hear it.
 */
@RestController
class BankWebhooks {

    private static final int MAX_BODY_BYTES = 256 * 1024;

    /** Banks hang up after five seconds, and count it as a failure of ours either way. */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(4);

    private static final Logger log = LoggerFactory.getLogger(BankWebhooks.class);

    private final Banks banks;
    private final Inbox inbox;
    private final SharedTransactions together;
    private final Runnable wakeReader;
    private final Clock clock;
    private final MeterRegistry meters;

    @Autowired
    BankWebhooks(
            Banks banks,
            Inbox inbox,
            SharedTransactions together,
            InboxReader reader,
            Clock clock,
            MeterRegistry meters) {
        this(banks, inbox, together, reader::wake, clock, meters);
    }

    BankWebhooks(
            Banks banks,
            Inbox inbox,
            SharedTransactions together,
            Runnable wakeReader,
            Clock clock,
            MeterRegistry meters) {
        this.banks = banks;
        this.inbox = inbox;
        this.together = together;
        this.wakeReader = wakeReader;
        this.clock = clock;
        this.meters = meters;
    }

    @PostMapping("/hooks/{bank}")
    ResponseEntity<?> deliver(@PathVariable String bank, HttpServletRequest request) throws IOException {
        BankAdapter adapter = banks.find(bank).orElse(null);
        if (adapter == null) {
            return refuse(HttpStatus.NOT_FOUND, "unknown-bank", "No bank of this name delivers here.");
        }
        byte[] body = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            return refuse(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "body-too-large",
                    "A delivery has at most " + MAX_BODY_BYTES + " bytes.");
        }
        WebhookDelivery delivery = new WebhookDelivery(headers(request), body);
        Verdict verdict = adapter.verify(delivery, clock.instant());
        return switch (verdict) {
            case Verdict.Refused refused ->
                refuse(
                        HttpStatus.UNAUTHORIZED,
                        refused.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        refused.detail());
            case Verdict.Verified verified -> keep(adapter, verified, delivery);
        };
    }

    private ResponseEntity<?> keep(BankAdapter adapter, Verdict.Verified verified, WebhookDelivery delivery) {
        Inbox.Kept kept;
        try {
            kept = together.in(
                    () -> inbox.keep(
                            adapter.name(),
                            verified.eventId(),
                            Inbox.Kind.WEBHOOK,
                            delivery.body(),
                            adapter.repeated(delivery.body())),
                    ANSWERED_WITHIN);
        } catch (DataAccessException | TransactionException e) {
            log.warn(
                    "A delivery of {} could not be kept: {}",
                    adapter.name(),
                    e.getClass().getSimpleName());
            return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                    .header(HttpHeaders.RETRY_AFTER, "5")
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .body(problem(HttpStatus.SERVICE_UNAVAILABLE, "not-kept", "Not kept; deliver it again."));
        }
        count(adapter.name(), kept.name());
        if (kept == Inbox.Kept.CONFLICT) {
            log.warn(
                    "{} delivered event {} again with other content; both are kept, neither is acted on twice",
                    adapter.name(),
                    verified.eventId());
            return refuse(
                    HttpStatus.CONFLICT, "event-id-reused", "This event id was delivered before with other content.");
        }
        wakeReader.run();
        Acknowledgement answer = adapter.acknowledge(verified, delivery);
        HttpHeaders headers = new HttpHeaders();
        answer.headers().forEach(headers::add);
        return ResponseEntity.status(answer.httpStatus()).headers(headers).body(answer.body());
    }

    private ResponseEntity<ProblemDetail> refuse(HttpStatus status, String type, String detail) {
        count("any", type);
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem(status, type, detail));
    }

    private static ProblemDetail problem(HttpStatus status, String type, String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(java.net.URI.create("urn:sluice:problem:" + type));
        problem.setTitle(status.getReasonPhrase());
        return problem;
    }

    private void count(String bank, String outcome) {
        meters.counter("sluice.deliveries", "bank", bank, "outcome", outcome.toLowerCase(Locale.ROOT))
                .increment();
    }

    private static Map<String, List<String>> headers(HttpServletRequest request) {
        Map<String, List<String>> headers = new HashMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            headers.put(name.toLowerCase(Locale.ROOT), Collections.list(request.getHeaders(name)));
        }
        return headers;
    }
}
