package io.sluice.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.routing.Agreements.RuleView;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is told of rule versions, day by day. */
class AgreementsTest {

    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);

    @Test
    void aVersionIsScheduledThenActiveAndSupersededFromTheLaterOnesDayOn() {
        List<RuleView> kept = List.of(version(1, MONDAY, "ACTIVE"), version(2, MONDAY.plusDays(3), "ACTIVE"));
        assertThat(states(kept, MONDAY.minusDays(1))).containsExactly("SCHEDULED", "SCHEDULED");
        assertThat(states(kept, MONDAY)).containsExactly("ACTIVE", "SCHEDULED");
        assertThat(states(kept, MONDAY.plusDays(2))).containsExactly("ACTIVE", "SCHEDULED");
        assertThat(states(kept, MONDAY.plusDays(3))).containsExactly("SUPERSEDED", "ACTIVE");
    }

    @Test
    void onlyAVersionThatCanBeInForceSupersedesAnother() {
        List<RuleView> kept = List.of(
                version(1, MONDAY, "ACTIVE"),
                version(2, MONDAY.plusDays(1), "REFUSED"),
                version(2, MONDAY.plusDays(1), "APPROVED"),
                version(3, MONDAY.plusDays(1), "DRAFT"));
        assertThat(states(kept, MONDAY.plusDays(9))).containsExactly("ACTIVE", "REFUSED", "APPROVED", "DRAFT");
    }

    private static List<String> states(List<RuleView> kept, LocalDate day) {
        return kept.stream().map(rule -> rule.on(day, kept).state()).toList();
    }

    private static RuleView version(int version, LocalDate from, String state) {
        return new RuleView("hash-" + version, version, from, state, "maker", null, null, null, null, null, null);
    }
}
