package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ServeCommandTest {

    @Test
    void goesNowhereWithoutAnchoring() {
        Properties system = new Properties();
        assertThat(ServeCommand.anchoringIsOff(Map.of(), system)).isFalse();
        assertThat(ServeCommand.anchoringIsOff(Map.of("SLUICE_RULE_ANCHORING", "Off"), system))
                .isTrue();
        system.setProperty("sluice.rule.anchoring", "off");
        assertThat(ServeCommand.anchoringIsOff(Map.of(), system)).isTrue();
    }

    @Test
    void namesTheSettingsThatAreMissingAndTakesThemFromEitherPlace() {
        Properties system = new Properties();
        system.setProperty("sluice.chain.rpc", "http://localhost:8545");

        assertThat(ServeCommand.missing(Map.of("SLUICE_DB_URL", "jdbc:postgresql://db/sluice"), system))
                .contains("SLUICE_DB_PASSWORD", "SLUICE_SECURITY_USERS")
                .doesNotContain("SLUICE_DB_URL", "SLUICE_CHAIN_RPC");
    }
}
