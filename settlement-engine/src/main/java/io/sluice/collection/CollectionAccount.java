package io.sluice.collection;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.sluice.collection.CollectionCommand.AnnounceInflows;
import io.sluice.collection.CollectionCommand.AssignInflow;
import io.sluice.collection.CollectionCommand.ChangePolicy;
import io.sluice.collection.CollectionCommand.LapseAnnouncement;
import io.sluice.collection.CollectionCommand.RecordInflows;
import io.sluice.collection.CollectionCommand.RecordStatement;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.collection.CollectionCommand.ReverseInflow;
import io.sluice.collection.CollectionCommand.WithdrawInflow;
import io.sluice.collection.CollectionEvent.AccountPolicyChanged;
import io.sluice.collection.CollectionEvent.AccountRegistered;
import io.sluice.collection.CollectionEvent.AnnouncementLapsed;
import io.sluice.collection.CollectionEvent.Booked;
import io.sluice.collection.CollectionEvent.InflowAnnounced;
import io.sluice.collection.CollectionEvent.InflowAssigned;
import io.sluice.collection.CollectionEvent.InflowReversed;
import io.sluice.collection.CollectionEvent.InflowWithdrawn;
import io.sluice.collection.CollectionEvent.InflowsBooked;
import io.sluice.collection.CollectionEvent.StatementReceived;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;

/**
 * A bank account of ours and what arrived on it. That an inflow is recorded once is guarded by the claimed keys, not by a list in here
 * that would grow for ever.
 */
@Aggregate(cache = "aggregateCache", type = "CollectionAccount")
class CollectionAccount {

    @AggregateIdentifier
    private @Nullable String account;

    private @Nullable String currency;
    private @Nullable AccountKind kind;
    private AccountPolicy policy = AccountPolicy.BOOKED_NOTICE;

    CollectionAccount() {} // for Axon

    @CommandHandler
    CollectionAccount(RegisterAccount command) {
        apply(new AccountRegistered(
                command.account(),
                command.bank(),
                command.currency(),
                command.kind(),
                command.name(),
                command.policy()));
    }

    @CommandHandler
    void decide(ChangePolicy command, BusinessClock clock) {
        if (policy != command.policy()) {
            apply(new AccountPolicyChanged(command.account(), command.policy(), clock.now()));
        }
    }

    @CommandHandler
    void decide(AnnounceInflows command, BusinessClock clock) {
        for (Announcement announcement : command.announcements()) {
            apply(new InflowAnnounced(
                    announcement.inflowId(),
                    command.account(),
                    announcement.units(),
                    announcement.currency(),
                    announcement.expectedOn(),
                    announcement.evidenceSha256(),
                    clock.now()));
        }
    }

    @CommandHandler
    void decide(LapseAnnouncement command, BusinessClock clock) {
        apply(new AnnouncementLapsed(command.inflowId(), command.account(), command.reason(), clock.now()));
    }

    @CommandHandler
    void decide(RecordInflows command, BusinessClock clock) {
        String held = Objects.requireNonNull(currency);
        List<Booked> booked = new ArrayList<>(command.inflows().size());
        for (NewInflow inflow : command.inflows()) {
            if (!inflow.currency().equals(held)) {
                throw new Rejection(
                        "currency-differs",
                        "Account " + command.account() + " holds " + held + ", the credit is in " + inflow.currency());
            }
            booked.add(new Booked(
                    inflow.inflowId(),
                    inflow.kind(),
                    inflow.units(),
                    inflow.valueDate(),
                    inflow.valueDateSource(),
                    inflow.evidenceSha256(),
                    inflow.ourReference(),
                    inflow.decidedBy()));
        }
        for (int from = 0; from < booked.size(); from += InflowsBooked.MOST_FACTS) {
            apply(new InflowsBooked(
                    command.account(),
                    Objects.requireNonNull(kind),
                    held,
                    clock.now(),
                    booked.subList(from, Math.min(booked.size(), from + InflowsBooked.MOST_FACTS))));
        }
    }

    @CommandHandler
    void decide(ReverseInflow command, BusinessClock clock) {
        apply(new InflowReversed(
                command.inflowId(),
                command.account(),
                Objects.requireNonNull(kind),
                command.units(),
                command.currency(),
                command.valueDate(),
                command.evidenceSha256(),
                clock.now()));
    }

    @CommandHandler
    void decide(WithdrawInflow command, BusinessClock clock) {
        apply(new InflowWithdrawn(
                command.inflowId(),
                command.account(),
                command.kind(),
                command.units(),
                command.currency(),
                command.valueDate(),
                clock.now()));
    }

    @CommandHandler
    void decide(AssignInflow command, BusinessClock clock) {
        if (kind != AccountKind.COLLECTION) {
            throw new Rejection("money-elsewhere", "A store's proceeds are divided from collection accounts alone");
        }
        apply(new InflowAssigned(
                command.inflowId(),
                command.account(),
                command.storeId(),
                command.units(),
                command.currency(),
                command.valueDate(),
                command.assignedBy(),
                clock.now()));
    }

    @CommandHandler
    void decide(RecordStatement command, BusinessClock clock) {
        apply(new StatementReceived(command.account(), command.statement(), clock.now()));
    }

    @EventSourcingHandler
    void evolve(AccountRegistered event) {
        account = event.account();
        currency = event.currency();
        kind = event.kind();
        policy = event.policy() == null ? AccountPolicy.BOOKED_NOTICE : event.policy();
    }

    @EventSourcingHandler
    void evolve(AccountPolicyChanged event) {
        policy = event.policy();
    }
}
