package io.sluice.collection;

import io.sluice.bank.Direction;
import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.collection.CollectionCommand.RecordInflows;
import io.sluice.collection.InflowIdentity.Decision;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Turns what a bank told of one account into inflows: claims what is new and records it, in the caller's transaction, 500 to a command;
 * what was told before is kept as a sighting.
 */
@Component
class NoticeRecorder {

    private static final int BATCH = 500;

    private final InflowKeys keys;
    private final Commands commands;
    private final BusinessClock clock;

    NoticeRecorder(InflowKeys keys, Commands commands, BusinessClock clock) {
        this.keys = keys;
        this.commands = commands;
        this.clock = clock;
    }

    /** Answers how many inflows were new. Debits and what is not booked are not inflows. */
    int record(BankAccount account, List<Sighting> sightings) {
        List<Sighting> credits = sightings.stream()
                .filter(s -> s.entry().direction() == Direction.CREDIT && s.isMoney())
                .toList();
        if (credits.isEmpty()) {
            return 0;
        }
        LocalDate today = clock.today();
        List<NewInflow> inflows = new ArrayList<>();
        for (Decision decision : keys.claim(account.account(), credits)) {
            if (decision.isNew()) {
                inflows.add(inflow(decision, account, today));
            }
        }
        for (int from = 0; from < inflows.size(); from += BATCH) {
            commands.send(new RecordInflows(
                    account.account(), inflows.subList(from, Math.min(from + BATCH, inflows.size()))));
        }
        return inflows.size();
    }

    private static NewInflow inflow(Decision decision, BankAccount account, LocalDate today) {
        Sighting sighting = decision.sighting();
        String reference = sighting.entry().endToEndId();
        return new NewInflow(
                decision.inflowId(),
                Classification.of(sighting.entry(), account.kind()),
                sighting.units(),
                sighting.entry().currency(),
                sighting.valueDate(today),
                sighting.valueDateSource(),
                sighting.evidenceSha256(),
                OurReferences.isOurs(reference) ? reference : null);
    }
}
