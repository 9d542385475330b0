package io.sluice.settlement;

import io.sluice.collection.CollectionEvent.InflowBooked;
import io.sluice.money.Money;
import io.sluice.policies.WorkList;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Compares credits that were taken for own transfers arriving with the instructions that they name: what arrives elsewhere than it was
 * sent can only have come back, though the bank did not say so, and what names nothing that was sent may be anybody's. A person is told
 * at once, in the caller's transaction; the kind of the inflow is the bank's evidence and stays.
 */
@Component
class OwnArrivals {

    private final InstructionRows rows;
    private final WorkList work;

    OwnArrivals(InstructionRows rows, WorkList work) {
        this.rows = rows;
        this.work = work;
    }

    /** @param arrived of kind OWN_TRANSFER */
    void compare(Collection<InflowBooked> arrived) {
        if (arrived.isEmpty()) {
            return;
        }
        Map<String, InstructionRows.Row> sent =
                rows
                        .byEndToEndId(arrived.stream()
                                .map(inflow -> String.valueOf(inflow.ourReference()))
                                .toList())
                        .stream()
                        .collect(Collectors.toMap(InstructionRows.Row::endToEndId, Function.identity()));
        for (InflowBooked inflow : arrived) {
            Optional<InstructionRows.Row> row = Optional.ofNullable(sent.get(String.valueOf(inflow.ourReference())));
            if (row.isEmpty()
                    || !inflow.account()
                            .equals(Settlements.ownAccount(
                                    row.get().kind(), row.get().payeeId()))) {
                tell(inflow, row);
            }
        }
    }

    private void tell(InflowBooked inflow, Optional<InstructionRows.Row> row) {
        work.tell(
                "ARRIVED-" + inflow.inflowId(),
                inflow.evidenceSha256(),
                "A credit of " + Money.of(inflow.units(), inflow.currency()) + " (inflow " + inflow.inflowId()
                        + ") names our transfer " + inflow.ourReference()
                        + " and was taken for our own transfer arriving, so"
                        + " that it is in no book of ours but by the debit that it belongs to; "
                        + row.map(sent -> "that was a payment of kind " + sent.kind() + " to " + sent.payeeId()
                                        + ", so that it has most likely come back without the bank saying so")
                                .orElse("no transfer of ours has this reference, so that it may be anybody's payment")
                        + ": ask the bank what it is, and enter it by a journal (bank-correction) if it is no own"
                        + " transfer");
    }
}
