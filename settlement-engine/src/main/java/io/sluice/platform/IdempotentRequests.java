package io.sluice.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header): the same key with the same request has one effect, and its
 * repetition gets the first answer, for a day. The same key with another request is refused with 422, while the first is still at work
 * with 409. A key belongs to the user who sent it.
 *
 * <p>An answer of 5xx is not kept: the request may be sent again under its key. A request that died with its process is let through
 * again after a minute; every operation of this API names what it makes by content or by the caller's own id, so that doing it again
 * makes nothing twice.
 */
final class IdempotentRequests extends OncePerRequestFilter {

    static final String HEADER = "Idempotency-Key";

    /** No request of ours takes as long. */
    private static final Duration LOST = Duration.ofMinutes(1);

    private static final Duration REMEMBERED = Duration.ofDays(1);
    private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");

    private final JdbcClient db;

    IdempotentRequests(JdbcClient db) {
        this.db = db;
    }

    private record Earlier(
            String sha256,
            @Nullable Integer status,
            byte @Nullable [] answer,
            @Nullable String contentType) {}

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getHeader(HEADER) == null
                || request.getUserPrincipal() == null
                || !request.getRequestURI().startsWith("/api/")
                || request.getMethod().equals("GET")
                || request.getMethod().equals("HEAD");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String key = request.getHeader(HEADER);
        if (!KEY.matcher(key).matches()) {
            Problems.write(
                    response, 400, "idempotency-key-malformed", HEADER + " is 1 to 255 visible ASCII characters.");
            return;
        }
        byte[] body = request.getInputStream().readAllBytes(); // BodyLimit stands before
        Principal user = request.getUserPrincipal();
        String sha256 = Hashes.sha256((request.getMethod()
                        + ' '
                        + request.getRequestURI()
                        + '?'
                        + request.getQueryString()
                        + '\n'
                        + Hashes.sha256(body))
                .getBytes(StandardCharsets.UTF_8));
        if (claimed(user.getName(), key, sha256)) {
            answerAnew(user.getName(), key, new RepeatableRequest(request, body), response, chain);
            return;
        }
        Optional<Earlier> earlier = earlier(user.getName(), key);
        if (earlier.isEmpty()
                || (earlier.get().status() == null && earlier.get().sha256().equals(sha256))) {
            response.setHeader("Retry-After", "1");
            Problems.write(response, 409, "request-in-flight", "The first request under this key is still at work.");
        } else if (!earlier.get().sha256().equals(sha256)) {
            Problems.write(
                    response, 422, "idempotency-key-reused", "This key was used for another request; use a new key.");
        } else {
            answerAgain(earlier.get(), response);
        }
    }

    private void answerAnew(
            String user, String key, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        ContentCachingResponseWrapper kept = new ContentCachingResponseWrapper(response);
        boolean answered = false;
        try {
            chain.doFilter(request, kept);
            answered = kept.getStatus() < 500;
            if (answered) {
                db.sql("update idempotent_request set status = ?, answer = ?, content_type = ?"
                                + " where username = ? and key = ?")
                        .params(kept.getStatus(), kept.getContentAsByteArray(), kept.getContentType(), user, key)
                        .update();
            }
        } finally {
            if (!answered) {
                db.sql("delete from idempotent_request where username = ? and key = ? and status is null")
                        .params(user, key)
                        .update();
            }
            kept.copyBodyToResponse();
        }
    }

    private static void answerAgain(Earlier earlier, HttpServletResponse response) throws IOException {
        response.setStatus(java.util.Objects.requireNonNull(earlier.status()));
        response.setHeader("Idempotent-Replayed", "true");
        if (earlier.contentType() != null) {
            response.setContentType(earlier.contentType());
        }
        byte[] answer = earlier.answer();
        if (answer != null) {
            response.getOutputStream().write(answer);
        }
    }

    /** True when this request is the first under its key, or takes over from one that died. Forgets what is too old. */
    private boolean claimed(String user, String key, String sha256) {
        db.sql("delete from idempotent_request where started_at < now() - make_interval(secs => ?)")
                .param((double) REMEMBERED.toSeconds())
                .update();
        return db.sql("""
                        insert into idempotent_request as r (username, key, body_sha256) values (?, ?, ?)
                        on conflict (username, key) do update set started_at = now()
                        where r.status is null and r.body_sha256 = excluded.body_sha256
                          and r.started_at < now() - make_interval(secs => ?)""").params(user, key, sha256, (double) LOST.toSeconds()).update() == 1;
    }

    private Optional<Earlier> earlier(String user, String key) {
        return db.sql("select body_sha256, status, answer, content_type from idempotent_request"
                        + " where username = ? and key = ?")
                .params(user, key)
                .query((rs, n) ->
                        new Earlier(rs.getString(1), rs.getObject(2, Integer.class), rs.getBytes(3), rs.getString(4)))
                .optional();
    }
}
