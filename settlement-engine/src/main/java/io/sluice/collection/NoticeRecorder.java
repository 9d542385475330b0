package io.sluice.collection;

import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.collection.CollectionCommand.RecordInflows;
import io.sluice.collection.InflowIdentity.Decision;
import io.sluice.money.Money;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.policies.WorkList;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Turns what a bank told of one account into inflows: claims what is new and records it, in the caller's transaction, 500 to a command;
 * what was told before is kept as a sighting.
 */
@Component
class NoticeRecorder {

    private static final int BATCH = 500;

    private final InflowKeys keys;
    private final Banks banks;
    private final Commands commands;
    private final WorkList work;
    private final BusinessClock clock;
    private final Reversals reversals;
    private final ReturnedTransfers returned;
    private final OwnInflows ours;
    private final ClassificationRules rules;
    private final Announcements announcements;

    NoticeRecorder(
            InflowKeys keys,
            Banks banks,
            Commands commands,
            WorkList work,
            BusinessClock clock,
            Reversals reversals,
            ReturnedTransfers returned,
            OwnInflows ours,
            ClassificationRules rules,
            Announcements announcements) {
        this.keys = keys;
        this.banks = banks;
        this.reversals = reversals;
        this.returned = returned;
        this.ours = ours;
        this.rules = rules;
        this.announcements = announcements;
        this.commands = commands;
        this.work = work;
        this.clock = clock;
    }

    /** Answers how many inflows count from now on. Debits are not inflows; a debit that takes a credit back is recorded as that. */
    int record(BankAccount account, List<Sighting> sightings) {
        List<Sighting> credits = sightings.stream().filter(Sighting::isCredit).toList();
        int found = credits.isEmpty() ? 0 : recordCredits(account, credits);
        sightings.stream().filter(Reversals::isReversal).forEach(reversal -> reversals.record(account, reversal));
        reversals.join(account);
        return found;
    }

    private int recordCredits(BankAccount account, List<Sighting> credits) {
        LocalDate today = clock.today();
        Map<UUID, NewInflow> counting = new LinkedHashMap<>();
        ClassificationRules.Version version = rules.inForce(account.account());
        List<Decision> decisions = keys.claim(account, credits, banks.nameEachMovement(account.bank()));
        Announcements.Look look = announcements.look(account, toldBefore(decisions));
        for (Decision decision : decisions) {
            switch (decision) {
                case Decision.Of of -> {
                    Optional<NewInflow> counts = look.counts(
                            of.inflowId(), of.isNew(), of.sighting(), () -> inflow(of, account, version, today));
                    if (counts.isPresent()) {
                        counting.put(of.inflowId(), counts.get());
                    } else if (isOurs(of.sighting()) && !look.isWaiting(of.inflowId())) {
                        counted(of, account, counting, () -> inflow(of, account, version, today));
                    }
                }
                case Decision.Unclear unclear -> park(unclear, account);
            }
        }
        look.keep();
        count(account, List.copyOf(counting.values()));
        return counting.size();
    }

    /** What counts by this batch is what all of the batch says; what counted before stays as it was booked. */
    private void counted(Decision.Of of, BankAccount account, Map<UUID, NewInflow> counting, Supplier<NewInflow> told) {
        if (counting.computeIfPresent(of.inflowId(), (id, inflow) -> inflow.joinedWith(told.get())) == null) {
            ours.compare(
                    account,
                    of.inflowId(),
                    of.sighting(),
                    returned.isReturn(of.sighting().entry()));
        }
    }

    private static boolean isOurs(Sighting sighting) {
        return sighting.isMoney() && OurReferences.isOurs(sighting.entry().endToEndId());
    }

    /**
     * Records what was announced on an account and counts by its policy as it is, each as the strongest source told it; at most {@code
     * limit}. Answers how many.
     */
    int recordAnnounced(BankAccount account, int limit) {
        List<NewInflow> inflows = announcements.takeCounting(account, limit).stream()
                .map(this::asReturned)
                .toList();
        if (!inflows.isEmpty()) {
            count(account, inflows);
            reversals.join(account);
        }
        return inflows.size();
    }

    /** The bank can have said since it was announced that the transfer came back. */
    private NewInflow asReturned(NewInflow announced) {
        String reference = announced.ourReference();
        return reference != null && returned.isToldReturned(reference) ? announced.asOurs(reference, true) : announced;
    }

    private void count(BankAccount account, List<NewInflow> inflows) {
        ours.keep(inflows);
        for (int from = 0; from < inflows.size(); from += BATCH) {
            commands.send(new RecordInflows(
                    account.account(), inflows.subList(from, Math.min(from + BATCH, inflows.size()))));
        }
    }

    private static Set<UUID> toldBefore(List<Decision> decisions) {
        return decisions.stream()
                .flatMap(decision -> decision instanceof Decision.Of of && !of.isNew() ? Stream.of(of) : Stream.empty())
                .map(Decision.Of::inflowId)
                .collect(Collectors.toSet());
    }

    /**
     * Whether nothing new is told of the credit with this movement id; false for one without, and for one that says that it is money of
     * ours which came back, as others may not have.
     */
    boolean isKnown(BankAccount account, Sighting sighting) {
        return keys.isKnown(account.account(), sighting)
                && !(isOurs(sighting)
                        && (sighting.entry().returnReason() != null
                                || sighting.entry().reversal()));
    }

    private NewInflow inflow(
            Decision.Of decision, BankAccount account, ClassificationRules.Version version, LocalDate today) {
        Sighting sighting = decision.sighting();
        String reference = sighting.entry().endToEndId();
        Classification classified = Classification.of(
                sighting.entry(),
                account.kind(),
                sighting.isMoney() && returned.isReturn(sighting.entry()),
                version.version(),
                version.rules());
        return new NewInflow(
                decision.inflowId(),
                classified.kind(),
                sighting.units(),
                sighting.entry().currency(),
                sighting.valueDate(today),
                sighting.valueDateSource(),
                sighting.evidenceSha256(),
                OurReferences.isOurs(reference) ? reference : null,
                classified.decidedBy());
    }

    private void park(Decision.Unclear unclear, BankAccount account) {
        Sighting sighting = unclear.sighting();
        work.open(
                "SIGHTING-" + sighting.evidenceSha256().substring(0, 16) + "-" + sighting.line(),
                "PARKED",
                sighting.evidenceSha256(),
                "A credit of " + Money.of(sighting.units(), sighting.entry().currency()) + " on "
                        + DeliveredNotices.masked(account.account()) + " " + unclear.why()
                        + ". It was not booked: ask the bank which holds, compare it with the bank's statement, and enter"
                        + " what is missing or too much by a journal (bank-correction). Inflows: "
                        + unclear.inflowIds().stream()
                                .map(UUID::toString)
                                .sorted()
                                .collect(Collectors.joining(", ")),
                "engine");
    }
}
