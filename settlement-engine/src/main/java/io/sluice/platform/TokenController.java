package io.sluice.platform;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /api/v1/tokens}: a short-lived token for a user and password. */
@RestController
class TokenController {

    record Login(
            @JsonProperty(required = true) String user,
            @JsonProperty(required = true) String password) {}

    record Answer(String token, Instant expiresAt) {}

    private final AuthenticationManager authentication;
    private final ApiTokens tokens;
    private final AuditLog audit;
    private final Transactions transactions;

    TokenController(AuthenticationManager authentication, ApiTokens tokens, AuditLog audit, Transactions transactions) {
        this.authentication = authentication;
        this.tokens = tokens;
        this.audit = audit;
        this.transactions = transactions;
    }

    @PostMapping("/api/v1/tokens")
    Answer issue(@RequestBody Login login) {
        authentication.authenticate(
                UsernamePasswordAuthenticationToken.unauthenticated(login.user(), login.password()));
        ApiTokens.Issued issued = transactions.in(() -> {
            audit.record(login.user(), "ISSUE_TOKEN", "api");
            return tokens.issue(login.user());
        });
        return new Answer(issued.token(), issued.expiresAt());
    }
}
