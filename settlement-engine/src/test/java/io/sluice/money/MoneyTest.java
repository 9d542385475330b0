package io.sluice.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

    @ParameterizedTest
    @CsvSource({
        "12.34,EUR,1234",
        "0.05,USD,5",
        "10001,JPY,10001",
        "-1.00,EUR,-100",
        "1.000000,xJPY,1000000",
        "0.123,BHD,123"
    })
    void readsExactlyTheCurrencysDecimals(String amount, String currency, String units) {
        Money money = new Money(amount, currency);
        assertThat(money.units()).isEqualTo(units);
        assertThat(Money.of(money.units(), currency)).isEqualTo(money);
    }

    @ParameterizedTest
    @CsvSource({
        "12.3,EUR",
        "12.345,EUR",
        "1.0,JPY",
        "1e3,EUR",
        "+1.00,EUR",
        "01.00,EUR",
        ".50,EUR",
        "1.00,EURO",
        "1.00,XXX"
    })
    void refusesWhatIsNotAnAmountOfTheCurrency(String amount, String currency) {
        assertThatThrownBy(() -> new Money(amount, currency)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesABanksTrailingZerosButNeverRounds() {
        assertThat(Money.unitsOf(new BigDecimal("100"), "EUR")).isEqualTo(10_000);
        assertThat(Money.unitsOf(new BigDecimal("12.340"), "EUR")).isEqualTo(1_234);
        assertThat(Money.unitsOf(new BigDecimal("5.00"), "JPY")).isEqualTo(5);
        assertThatThrownBy(() -> Money.unitsOf(new BigDecimal("12.345"), "EUR"))
                .hasMessageContaining("at most 2 decimals");
        assertThatThrownBy(() -> Money.unitsOf(new BigDecimal("0.5"), "JPY"))
                .hasMessageContaining("at most 0 decimals");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "999999999999999999999999", "1e-999999999"})
    void refusesHugeNumbersWithoutComputingThem(String amount) {
        assertThatThrownBy(() -> Money.unitsOf(new BigDecimal(amount), "EUR"))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(100));
    }
}
