package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.money.Money;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {

    @Test
    void textsAreQuotedAndNeverFormulasAndAmountsStayNumbers() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Csv csv = new Csv(out, List.of("Value date", "Account", "Amount"));
        csv.add(LocalDate.of(2026, 11, 23), "a \"b\", c", new Money("-1.50", "EUR"));
        csv.add(null, "=HYPERLINK(\"x\")", null);
        for (String begins : List.of("+", "-", "@", "\t")) {
            csv.add(null, begins + "1", null);
        }
        csv.finish();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("value date,account,amount\r\n2026-11-23,\"a \"\"b\"\", c\",-1.50\r\n"
                        + ",\"'=HYPERLINK(\"\"x\"\")\",\r\n,'+1,\r\n,'-1,\r\n,'@1,\r\n,'\t1,\r\n");
    }
}
