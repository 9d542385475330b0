package io.sluice.platform;

import java.net.URI;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/** Every refusal as an RFC 9457 problem with a stable type; nothing internal in it. */
@RestControllerAdvice(annotations = org.springframework.web.bind.annotation.RestController.class)
class ApiProblems extends ResponseEntityExceptionHandler {

    private static final int LONGEST = 300;
    private static final Logger log = LoggerFactory.getLogger(ApiProblems.class);

    @ExceptionHandler(Rejection.class)
    ProblemDetail rejected(Rejection e) {
        return problem(HttpStatus.UNPROCESSABLE_CONTENT, e.type(), String.valueOf(e.getMessage()));
    }

    @ExceptionHandler(IllegalArgumentException.class)
    ProblemDetail invalid(IllegalArgumentException e) {
        return problem(HttpStatus.BAD_REQUEST, "invalid-value", String.valueOf(e.getMessage()));
    }

    @ExceptionHandler(AuthenticationException.class)
    ProblemDetail unknown(AuthenticationException e) {
        return problem(HttpStatus.UNAUTHORIZED, "login-refused", "User or password is wrong.");
    }

    @ExceptionHandler(AggregateNotFoundException.class)
    ProblemDetail unknown(AggregateNotFoundException e) {
        return problem(
                HttpStatus.NOT_FOUND,
                "not-found",
                "There is no \"" + shortened(String.valueOf(e.getAggregateIdentifier())) + "\".");
    }

    @ExceptionHandler(PreconditionFailed.class)
    ProblemDetail stale(PreconditionFailed e) {
        return problem(HttpStatus.PRECONDITION_FAILED, "precondition-failed", String.valueOf(e.getMessage()));
    }

    /** What the database refuses it will refuse again: a character that it cannot hold, a missing value. */
    @ExceptionHandler(DataIntegrityViolationException.class)
    ProblemDetail unstorable(DataIntegrityViolationException e) {
        log.warn("The database refused a value: {}", e.getClass().getSimpleName());
        return problem(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "value-refused",
                "A value is missing or has a character that cannot be stored. Nothing was done.");
    }

    @ExceptionHandler(RuntimeException.class)
    ProblemDetail defect(RuntimeException e) {
        log.error("A request failed by a defect of ours", e);
        return problem(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "defect",
                "This is a defect of ours, and the log says more. Look whether it was done before you send it again.");
    }

    @ExceptionHandler(DataAccessException.class)
    ProblemDetail unavailable(DataAccessException e) {
        log.warn("The database failed a request: {}", e.getClass().getSimpleName());
        return problem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "database-unavailable",
                "The database failed, perhaps while it committed: send it again under the same Idempotency-Key.");
    }

    @Override
    protected org.springframework.http.ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e,
            org.springframework.http.HttpHeaders headers,
            org.springframework.http.HttpStatusCode status,
            org.springframework.web.context.request.WebRequest request) {
        ProblemDetail problem = unreadable(e);
        return org.springframework.http.ResponseEntity.status(problem.getStatus())
                .contentType(org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }

    /** What a type of ours refused says why in its own words; of the reader's own words only the place is told. */
    private static ProblemDetail unreadable(HttpMessageNotReadableException e) {
        JacksonException json = null;
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Rejection rejection) {
                return problem(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        rejection.type(),
                        shortened(String.valueOf(rejection.getMessage())));
            }
            if (cause instanceof JacksonException reading) {
                json = json == null ? reading : json;
            } else if (cause instanceof IllegalArgumentException) {
                return problem(HttpStatus.BAD_REQUEST, "invalid-value", shortened(String.valueOf(cause.getMessage())));
            }
        }
        return problem(
                HttpStatus.BAD_REQUEST,
                "body-malformed",
                json == null ? "The body cannot be read." : shortened(JsonPlace.problem(json, "The body")));
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    private static ProblemDetail problem(HttpStatus status, String type, String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create("urn:sluice:problem:" + type));
        problem.setTitle(status.getReasonPhrase());
        return problem;
    }
}
