package io.sluice.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountTest {

    @ParameterizedTest
    @CsvSource({"0.01 EUR,1", "1 234.56 EUR,123456", "1 000 000.00 USD,100000000", "10 001 JPY,10001", "-3.00 EUR,-300"
    })
    void isWrittenAsItIsRead(String text, long units) {
        assertThat(Amount.parse(text).units()).isEqualTo(units);
        assertThat(Amount.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,234.56 EUR", "12.345 EUR", "12 EUR", "10.5 JPY", "EUR 12.00", "12.00", "1 23.00 EUR"})
    void refusesWhatIsNoAmount(String text) {
        assertThatThrownBy(() -> Amount.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }

    @Test
    void mayBeWrittenWithoutGroups() {
        assertThat(Amount.parse("1234.56 EUR")).hasToString("1 234.56 EUR");
    }
}
