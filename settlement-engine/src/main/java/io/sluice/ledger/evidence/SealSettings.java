package io.sluice.ledger.evidence;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings {@code sluice.seals.*}.
 *
 * @param anchorEvery how often the newest seal's hash goes on chain, which covers all before it
 */
@ConfigurationProperties("sluice.seals")
record SealSettings(@DefaultValue("1h") Duration anchorEvery) {}
