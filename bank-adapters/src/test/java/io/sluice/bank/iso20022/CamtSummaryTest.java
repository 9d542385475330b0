package io.sluice.bank.iso20022;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;

class CamtSummaryTest {

    @Test
    void writesAFileAsOneLine() {
        assertThat(line("plain"))
                .isEqualTo("{\"file\":\"in/plain.xml\",\"message\":\"camt.053.001.08\",\"reports\":[{\"id\":\"S-1\","
                        + "\"account\":\"DE02120300000000202051\",\"currency\":\"EUR\",\"balances\":["
                        + "{\"type\":\"OPBD\",\"amount\":\"100.00\",\"currency\":\"EUR\"},"
                        + "{\"type\":\"CLBD\",\"amount\":\"112.50\",\"currency\":\"EUR\"}],\"entries\":1,\"transactions\":1,"
                        + "\"reversals\":0,\"status\":{\"BOOK\":1},\"credit\":{\"EUR\":\"12.50\"},\"debit\":{}}]}");
    }

    @Test
    void showsADebitBalanceAsNegative() {
        assertThat(line("overdrawn")).contains("\"amount\":\"-10.00\"").contains("\"debit\":{\"EUR\":\"12.50\"}");
    }

    @Test
    void addsWhatBookingWouldRefuseInsteadOfHidingTheReport() {
        assertThat(line("amount-comma"))
                .contains("\"entries\":1")
                .contains("\"credit\":{}")
                .contains("\"findings\":[{\"report\":0,\"code\":\"invalid-amount\",\"effect\":\"ENTRY_HELD\"");
    }

    @Test
    void saysWhyAFileIsRefused() {
        assertThat(line("truncated"))
                .isEqualTo(
                        "{\"file\":\"in/truncated.xml\",\"error\":\"Line 44: the file ends inside the message\",\"reason\":\"truncated\"}");
    }

    private static String line(String name) {
        return CamtSummary.of("in/" + name + ".xml", new ByteArrayInputStream(Fixtures.bytes(name)))
                .line();
    }
}
