package io.sluice.collection;

import io.sluice.platform.Rejection;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.security.Principal;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /api/v1/statements}: a camt file by hand, and what it came to. */
@RestController
class StatementController {

    private final StatementDesk desk;

    StatementController(StatementDesk desk) {
        this.desk = desk;
    }

    /**
     * The file is the body. 201 when it was read, 200 when the same bytes had been before, 202 while it waits; 422 when it was refused,
     * with its bytes kept.
     */
    @PostMapping(
            path = "/api/v1/statements",
            consumes = {
                MediaType.APPLICATION_XML_VALUE,
                MediaType.TEXT_XML_VALUE,
                MediaType.APPLICATION_OCTET_STREAM_VALUE
            })
    ResponseEntity<Object> take(HttpServletRequest request, Principal operator) throws IOException {
        byte[] body = request.getInputStream().readNBytes(StatementDesk.LARGEST + 1);
        if (body.length > StatementDesk.LARGEST) {
            return problem(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "body-too-large",
                    "A file has at most " + StatementDesk.LARGEST
                            + " bytes here; a larger one goes by the intake folder.");
        }
        StatementReport report = desk.take(body, operator.getName());
        return switch (report.state()) {
            case "DONE" ->
                ResponseEntity.status(report.repeated() ? HttpStatus.OK : HttpStatus.CREATED)
                        .body(report);
            case "PARKED" -> {
                ProblemDetail refused = detail(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "statement-refused",
                        report.reason() + ". Nothing of it was booked; its bytes are kept as delivery "
                                + report.deliveryId());
                refused.setProperty("report", report);
                yield answer(HttpStatus.UNPROCESSABLE_CONTENT, refused);
            }
            default -> ResponseEntity.accepted().body(report);
        };
    }

    /** What a delivered file came to; throws {@link Rejection} for what is none. */
    @GetMapping("/api/v1/deliveries/{id}/report")
    StatementReport report(@PathVariable long id) {
        return desk.report(id);
    }

    private static ResponseEntity<Object> problem(HttpStatus status, String type, String text) {
        return answer(status, detail(status, type, text));
    }

    private static ResponseEntity<Object> answer(HttpStatus status, ProblemDetail problem) {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }

    private static ProblemDetail detail(HttpStatus status, String type, String text) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, text);
        problem.setType(URI.create("urn:sluice:problem:" + type));
        problem.setTitle(status.getReasonPhrase());
        return problem;
    }
}
