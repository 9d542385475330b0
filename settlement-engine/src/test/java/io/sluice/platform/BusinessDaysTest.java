package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BusinessDaysTest {

    /** Nothing is carried out between Friday's cut-off and Monday's. */
    @ParameterizedTest
    @CsvSource({"2026-11-20,2026-11-20", "2026-11-21,2026-11-20", "2026-11-22,2026-11-20", "2026-11-23,2026-11-23"})
    void theDaysWithoutBanksBelongToTheBusinessDayBefore(LocalDate day, LocalDate business) {
        assertThat(BusinessDays.upTo(day)).isEqualTo(business);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-23,2026-11-09,2026-12-07",
        "2026-11-22,2026-11-06,2026-12-07",
        "2026-11-20,2026-11-06,2026-12-04",
        "2026-12-31,2026-12-17,2027-01-14"
    })
    void countsTenBusinessDaysBothWays(LocalDate day, LocalDate before, LocalDate after) {
        assertThat(BusinessDays.before(day, 10)).isEqualTo(before);
        assertThat(BusinessDays.after(day, 10)).isEqualTo(after);
    }
}
