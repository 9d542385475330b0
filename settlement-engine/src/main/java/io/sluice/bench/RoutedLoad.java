package io.sluice.bench;

import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionCommand.RecordInflows;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.collection.InflowKind;
import io.sluice.collection.NewInflow;
import io.sluice.platform.Commands;
import io.sluice.platform.Hashes;
import io.sluice.platform.Transactions;
import io.sluice.routing.Destination;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.Leg;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.context.ApplicationContext;

/**
 * Inflows as the engine has them: recorded by the account's aggregate, and divided by events of the agreement's stream, in one
 * transaction, durable when it returns. The lanes make all views of them.
 */
final class RoutedLoad {

    static final String HOT = "W1HOT";

    private final Commands commands;
    private final Transactions transactions;
    private final EventStore events;
    private final long[] sequences;

    RoutedLoad(ApplicationContext engine, int clients) {
        this.commands = engine.getBean(Commands.class);
        this.transactions = engine.getBean(Transactions.class);
        this.events = engine.getBean(EventStore.class);
        this.sequences = new long[clients];
        for (int client = 0; client < clients; client++) {
            register(account(client, false));
        }
        register(HOT);
    }

    private void register(String account) {
        commands.begin(account, new RegisterAccount(account, "meridian", "EUR", AccountKind.COLLECTION, "W1"));
    }

    static String account(int client, boolean hot) {
        return hot ? HOT : "W1COLD" + client;
    }

    /** A batch of one client, which no other thread is. */
    void record(int client, boolean hot, List<Inflow> inflows) {
        String account = account(client, hot);
        List<NewInflow> credits = new ArrayList<>(inflows.size());
        List<DomainEventMessage<?>> routed = new ArrayList<>(inflows.size());
        for (Inflow inflow : inflows) {
            credits.add(new NewInflow(
                    inflow.id(),
                    InflowKind.FUNDING, // what is to be routed by the engine's own rules is not this load's
                    inflow.units(),
                    "EUR",
                    inflow.day(),
                    "VALUE",
                    "0".repeat(64),
                    null,
                    "default"));
            routed.add(new GenericDomainEventMessage<>(
                    "Agreement", "W1AGR" + client, sequences[client]++, routed(client, account, inflow)));
        }
        transactions.run(() -> {
            commands.send(new RecordInflows(account, credits));
            events.publish(routed);
        });
    }

    private static InflowRouted routed(int client, String account, Inflow inflow) {
        List<Leg> legs = new ArrayList<>(Inflow.LEGS);
        for (int leg = 0; leg < Inflow.LEGS; leg++) {
            Destination destination = switch (leg) {
                case 0 -> Destination.PLATFORM_FEES;
                case 1 -> Destination.ROYALTY_POOL;
                default -> Destination.MERCHANT_RESIDUAL;
            };
            String path = "leg-" + leg;
            legs.add(new Leg(Hashes.uuid("leg", inflow.id().toString(), path), path, destination, inflow.leg(leg)));
        }
        return new InflowRouted(
                inflow.id(),
                "W1AGR" + client,
                "W1STORE" + client,
                account,
                "0".repeat(64),
                inflow.units(),
                "EUR",
                inflow.day(),
                legs,
                0,
                null);
    }
}
