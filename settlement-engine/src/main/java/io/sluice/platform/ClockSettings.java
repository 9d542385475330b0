package io.sluice.platform;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where the business clock is.
 *
 * @param businessUrl a clock to follow; absent, business time is wall time
 */
@ConfigurationProperties("sluice.clock")
record ClockSettings(@Nullable URI businessUrl) {}
