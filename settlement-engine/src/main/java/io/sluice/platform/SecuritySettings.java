package io.sluice.platform;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may come in.
 *
 * @param users a properties file, {@code name=bcrypt hash|ROLE,ROLE}; absent, nobody can log in
 * @param tokenLife how long an API token holds
 * @param openOverview whether the read-only overview needs no login on loopback, as in the demo
 */
@ConfigurationProperties("sluice.security")
record SecuritySettings(
        @Nullable Path users,
        @DefaultValue("15m") Duration tokenLife,
        @DefaultValue("false") boolean openOverview) {}
