package io.sluice.collection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.bank.Acknowledgement;
import io.sluice.bank.BankAdapter;
import io.sluice.bank.Verdict;
import io.sluice.bank.WebhookDelivery;
import io.sluice.platform.SharedTransactions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where banks deliver: {@code POST /hooks/{bank}}. Bytes are verified before anything reads them and acknowledged only after they are
 * committed, those that arrive at the same time in one transaction. Refused ones are counted, not kept. While the database does not
 * commit, banks are told to come again in time for them to hear it.
 *
 * <p>It is a route like others, so that what walks the routes finds it, and writes its whole answer itself, so that
 * {@link DeliveriesFirst} can call it past everything that people need and banks do not.
 */
@RestController
class BankWebhooks {

    static final String PATH = "/hooks/";

    private static final int MAX_BODY_BYTES = 256 * 1024;

    /** Banks hang up after five seconds, and count it as a failure of ours either way. */
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(4);

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Logger log = LoggerFactory.getLogger(BankWebhooks.class);

    private final Banks banks;
    private final SharedTransactions<Inbox.Arrival, Inbox.Kept> together;
    private final Runnable wakeReader;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Map<Outcome, Counter> counters = new ConcurrentHashMap<>();

    /** What is counted apart; both are of few values. */
    private record Outcome(String bank, String outcome) {}

    @Autowired
    BankWebhooks(
            Banks banks,
            SharedTransactions<Inbox.Arrival, Inbox.Kept> together,
            InboxReader reader,
            Clock clock,
            MeterRegistry meters) {
        this(banks, together, reader::wake, clock, meters);
    }

    BankWebhooks(
            Banks banks,
            SharedTransactions<Inbox.Arrival, Inbox.Kept> together,
            Runnable wakeReader,
            Clock clock,
            MeterRegistry meters) {
        this.banks = banks;
        this.together = together;
        this.wakeReader = wakeReader;
        this.clock = clock;
        this.meters = meters;
    }

    @PostMapping(PATH + "{bank}")
    void deliver(@PathVariable String bank, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        BankAdapter adapter = banks.find(bank).orElse(null);
        if (adapter == null) {
            refuse(response, HttpStatus.NOT_FOUND, "unknown-bank", "No bank of this name delivers here.");
            return;
        }
        byte[] body = request.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            refuse(
                    response,
                    HttpStatus.CONTENT_TOO_LARGE,
                    "body-too-large",
                    "A delivery has at most " + MAX_BODY_BYTES + " bytes.");
            return;
        }
        WebhookDelivery delivery = new WebhookDelivery(headers(request), body);
        try {
            switch (adapter.verify(delivery, clock.instant())) {
                case Verdict.Refused refused ->
                    refuse(
                            response,
                            HttpStatus.UNAUTHORIZED,
                            refused.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                            refused.detail());
                case Verdict.Verified verified -> keep(adapter, verified, delivery, response);
            }
        } catch (RuntimeException e) {
            log.error("A delivery of {} failed by a defect of ours", adapter.name(), e);
            refuse(response, HttpStatus.INTERNAL_SERVER_ERROR, "defect", "This is a defect of ours; deliver it again.");
        }
    }

    private void keep(
            BankAdapter adapter, Verdict.Verified verified, WebhookDelivery delivery, HttpServletResponse response)
            throws IOException {
        Inbox.Kept kept;
        try {
            kept = together.in(
                    new Inbox.Arrival(
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
            response.setHeader(HttpHeaders.RETRY_AFTER, "5");
            problem(response, HttpStatus.SERVICE_UNAVAILABLE, "not-kept", "Not kept; deliver it again.");
            return;
        }
        count(adapter.name(), kept.name());
        if (kept == Inbox.Kept.CONFLICT) {
            log.warn(
                    "{} delivered event {} again with other content; both are kept, neither is acted on twice",
                    adapter.name(),
                    verified.eventId());
            refuse(
                    response,
                    HttpStatus.CONFLICT,
                    "event-id-reused",
                    "This event id was delivered before with other content.");
            return;
        }
        wakeReader.run();
        Acknowledgement answer = adapter.acknowledge(verified, delivery);
        response.setStatus(answer.httpStatus());
        answer.headers().forEach(response::addHeader);
        noBrowser(response);
        if (answer.body().length > 0) {
            response.getOutputStream().write(answer.body());
        }
    }

    private void refuse(HttpServletResponse response, HttpStatus status, String type, String detail)
            throws IOException {
        count("any", type);
        problem(response, status, type, detail);
    }

    private static void problem(HttpServletResponse response, HttpStatus status, String type, String detail)
            throws IOException {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "urn:sluice:problem:" + type);
        problem.put("title", status.getReasonPhrase());
        problem.put("status", status.value());
        problem.put("detail", detail);
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        noBrowser(response);
        response.getOutputStream().write(JSON.writeValueAsBytes(problem));
    }

    private static void noBrowser(HttpServletResponse response) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
    }

    private void count(String bank, String outcome) {
        counters.computeIfAbsent(
                        new Outcome(bank, outcome),
                        counted -> meters.counter(
                                "sluice.deliveries",
                                "bank",
                                counted.bank(),
                                "outcome",
                                counted.outcome().toLowerCase(Locale.ROOT)))
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
