package io.sluice.platform;

import java.util.regex.Pattern;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/** Every refusal as an RFC 9457 problem with a stable type; nothing internal in it. */
@RestControllerAdvice(annotations = org.springframework.web.bind.annotation.RestController.class)
class ApiProblems extends ResponseEntityExceptionHandler {

    private static final int LONGEST = 300;
    private static final Pattern NOT_THERE = Pattern.compile("no-such-.*|unknown-.*|no-document");
    private static final Logger log = LoggerFactory.getLogger(ApiProblems.class);

    /** What is asked for and is not there is not found; a command that names it is understood and refused. */
    @ExceptionHandler(Rejection.class)
    ProblemDetail rejected(Rejection e, HttpMethod method) {
        boolean notFound = (method == HttpMethod.GET || method == HttpMethod.HEAD)
                && NOT_THERE.matcher(e.type()).matches();
        return problem(
                notFound ? HttpStatus.NOT_FOUND : HttpStatus.UNPROCESSABLE_CONTENT,
                e.type(),
                String.valueOf(e.getMessage()));
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
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return answer(unreadable(e));
    }

    /** A part of the path or of the query that is not of its type. */
    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Class<?> type = e.getRequiredType();
        return answer(problem(
                HttpStatus.BAD_REQUEST,
                "invalid-value",
                e.getPropertyName() + ": found \"" + shortened(String.valueOf(e.getValue())) + "\", expected "
                        + (type == null ? "a value" : RequiredFields.expected(type))));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return answer(problem(
                HttpStatus.BAD_REQUEST,
                "invalid-value",
                e.getParameterName() + ": found nothing, expected a value in the query"));
    }

    /** What else the framework refuses has no type of its own. */
    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (body instanceof ProblemDetail problem) {
            problem.setType(Problems.type(Problems.refusal(status.value())));
        }
        return super.createResponseEntity(body, headers, status, request);
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

    private static ResponseEntity<Object> answer(ProblemDetail problem) {
        return ResponseEntity.status(problem.getStatus())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    private static ProblemDetail problem(HttpStatus status, String type, String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(Problems.type(type));
        problem.setTitle(status.getReasonPhrase());
        return problem;
    }
}
