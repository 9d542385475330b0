package io.sluice.platform;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** API tokens: 256 random bits, stored as a hash, short-lived. */
@Component
class ApiTokens {

    record Issued(String token, Instant expiresAt) {}

    private final JdbcClient db;
    private final Clock clock;
    private final SecuritySettings settings;
    private final SecureRandom random = new SecureRandom();

    ApiTokens(JdbcClient db, Clock clock, SecuritySettings settings) {
        this.db = db;
        this.clock = clock;
        this.settings = settings;
    }

    Issued issue(String username) {
        byte[] bits = new byte[32];
        random.nextBytes(bits);
        String token = "slt_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        Instant expiresAt = clock.instant().plus(settings.tokenLife());
        db.sql("delete from api_token where expires_at < ?")
                .param(clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        db.sql("insert into api_token (token_sha256, username, expires_at) values (?, ?, ?)")
                .params(Hashes.sha256(token), username, expiresAt.atOffset(ZoneOffset.UTC))
                .update();
        return new Issued(token, expiresAt);
    }

    Optional<String> userOf(String token) {
        return db.sql("select username from api_token where token_sha256 = ? and expires_at > ?")
                .params(Hashes.sha256(token), clock.instant().atOffset(ZoneOffset.UTC))
                .query(String.class)
                .optional();
    }
}
