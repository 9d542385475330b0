package io.sluice.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.scenarios.Story.Row;
import io.sluice.scenarios.Story.Table;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FoundTest {

    private static final Found FOUND = new Found(
            List.of("day", "holder", "amount", "state"),
            List.of("day", "holder"),
            List.of(
                    Found.row("day", "1", "holder", "Ada", "amount", "3.00 EUR", "state", "settled"),
                    Found.row("day", "1", "holder", "Ben", "amount", "2.00 EUR", "state", "settled")));

    private static final Row ADA = new Row(1, 10, Map.of("day", "1", "holder", "Ada", "amount", "3.00 EUR"));
    private static final Row BEN = new Row(2, 11, Map.of("day", "1", "holder", "Ben", "amount", "2.00 EUR"));

    private static List<String> differences(Row... rows) {
        return FOUND.differences(new Table("Payouts", List.of("day", "holder", "amount"), List.of(rows))).stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    void agreesInAnyOrder() {
        assertThat(differences(BEN, ADA)).isEmpty();
    }

    @Test
    void namesTheCellThatDiffers() {
        assertThat(differences(ADA, new Row(2, 11, Map.of("day", "1", "holder", "Ben", "amount", "2.01 EUR"))))
                .containsExactly(
                        "table \"Payouts\", row 2 (day 1, holder Ben), column \"amount\": expected \"2.01 EUR\","
                                + " found \"2.00 EUR\" (line 11)");
    }

    @Test
    void namesTheRowThatIsMissing() {
        assertThat(differences(ADA, BEN, new Row(3, 12, Map.of("day", "2", "holder", "Ada", "amount", "1.00 EUR"))))
                .containsExactly("table \"Payouts\", row 3 (day 2, holder Ada), column \"day, holder\": expected"
                        + " \"day 2, holder Ada\", found nothing (line 12)");
    }

    @Test
    void namesTheRowThatTheStoryDoesNotHave() {
        assertThat(differences(ADA))
                .containsExactly(
                        "table \"Payouts\", a row that the story does not have, column \"day, holder, amount, state\": expected"
                                + " nothing, found \"day 1, holder Ben, amount 2.00 EUR, state settled\"");
    }
}
