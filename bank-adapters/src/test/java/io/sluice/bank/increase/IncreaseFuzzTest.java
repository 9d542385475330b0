package io.sluice.bank.increase;

import static io.sluice.bank.Deliveries.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bank.BankNotice;
import io.sluice.bank.EntryStatus;
import io.sluice.bank.fuzz.Fuzzing;
import io.sluice.bank.wire.BankJson;
import java.util.List;
import org.junit.jupiter.api.Test;

class IncreaseFuzzTest {

    @Test
    void readsOrRefusesEveryEventAndEveryObject() {
        byte[] event =
                bytes("{\"id\":\"event_1\",\"category\":\"transaction.created\",\"associated_object_id\":\"t_1\"}");
        byte[] transaction = bytes("""
                {"account_id":"account_1","amount":100,"created_at":"2020-01-31T23:59:59Z","currency":"USD","description":"I",
                 "id":"transaction_1","source":{"category":"inbound_ach_transfer","inbound_ach_transfer":{"amount":100,
                 "originator_company_name":"BIG BANK","trace_number":"021","transfer_id":"inbound_ach_transfer_1"}}}
                """);
        byte[] transfer = bytes("""
                {"id":"ach_transfer_1","amount":1230,"status":"returned","statement_descriptor":"/ROC/E-1//x",
                 "return":{"raw_return_reason_code":"R01"},"account_number":"1","routing_number":"101050001"}
                """);

        assertThat(Fuzzing.run("increase-event", List.of(event), IncreaseNotices::read))
                .isPositive();
        assertThat(Fuzzing.run(
                        "increase-transaction",
                        List.of(transaction),
                        body -> List.of(new BankNotice.EntryNotice(
                                IncreaseObjects.entry(BankJson.object(body), EntryStatus.BOOKED, null)))))
                .isPositive();
        assertThat(Fuzzing.run(
                        "increase-transfer",
                        List.of(transfer),
                        body -> IncreaseObjects.transferStatus(BankJson.object(body))
                                .toString()))
                .isPositive();
    }
}
