package io.sluice.routing;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a rule needs before it divides anything.
 *
 * @param anchoring whether a rule that two people stand behind waits until the chain holds its hash; {@code serve} does not go without
 */
@ConfigurationProperties("sluice.rule")
record RuleSettings(@DefaultValue("required") Anchoring anchoring) {

    /** See {@link RuleSettings}. */
    enum Anchoring {
        REQUIRED,
        OFF
    }
}
