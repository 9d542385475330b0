package io.sluice.bench;

import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionCommand.RecordInflows;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.collection.InflowKind;
import io.sluice.collection.NewInflow;
import io.sluice.platform.Commands;
import io.sluice.platform.Hashes;
import io.sluice.platform.Pace;
import io.sluice.platform.SharedTransactions;
import io.sluice.platform.Transactions;
import io.sluice.routing.Destination;
import io.sluice.routing.RoutingEvent.Claim;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.Routed;
import io.sluice.routing.RoutingEvent.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.context.ApplicationContext;

/**
 * Inflows as the engine has them: recorded by the account's aggregate, and divided by events of the agreement's stream, in one
 * transaction, durable when it returns. Batches that clients bring at the same time are recorded together, by one command per account,
 * as the inbox's reader does with what banks told of it. The lanes make all views of them.
 */
final class RoutedLoad implements AutoCloseable {

    static final String HOT = "W1HOT";

    private static final List<Claim> CLAIMS = IntStream.range(0, Inflow.LEGS)
            .mapToObj(leg -> new Claim(
                    "leg-" + leg,
                    switch (leg) {
                        case 0 -> Destination.PLATFORM_FEES;
                        case 1 -> Destination.ROYALTY_POOL;
                        default -> Destination.MERCHANT_RESIDUAL;
                    }))
            .toList();

    /** As many as the inbox's reader puts in one command. */
    private static final int COMMAND = 500;

    /** While one is committed, another takes those who came meanwhile, as the inbox's reader and the router are two. */
    private static final int AT_ONCE = 2;

    private static final Duration AT_MOST = Duration.ofMinutes(1);

    /** A batch of one account, and how it is divided. */
    private record Brought(String account, List<NewInflow> credits, List<DomainEventMessage<?>> routed) {}

    private final Commands commands;
    private final SharedTransactions<Brought, Boolean> together;
    private final EventStore events;
    private final Pace pace;
    private final long[] sequences;

    RoutedLoad(ApplicationContext engine, int clients) {
        this.commands = engine.getBean(Commands.class);
        this.together = new SharedTransactions<>(engine.getBean(Transactions.class), this::record, AT_ONCE);
        this.events = engine.getBean(EventStore.class);
        this.pace = engine.getBean(Pace.class);
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
        String evidence = Hashes.sha256(client + " " + sequences[client]); // a batch is a statement
        List<NewInflow> credits = new ArrayList<>(inflows.size());
        for (Inflow inflow : inflows) {
            credits.add(new NewInflow(
                    inflow.id(),
                    InflowKind.FUNDING, // what is to be routed by the engine's own rules is not this load's
                    inflow.units(),
                    "EUR",
                    inflow.day(),
                    "VALUE",
                    evidence,
                    null,
                    "default"));
        }
        List<DomainEventMessage<?>> routed = new ArrayList<>();
        for (int from = 0; from < inflows.size(); from += InflowsRouted.MOST_FACTS) {
            routed.add(new GenericDomainEventMessage<>(
                    "Agreement",
                    "W1AGR" + client,
                    sequences[client]++,
                    routed(
                            client,
                            account,
                            inflows.subList(from, Math.min(inflows.size(), from + InflowsRouted.MOST_FACTS)))));
        }
        pace.keep(2 * inflows.size()); // the reader and the router do so, without knowing how many it will be
        together.in(new Brought(account, credits, routed), AT_MOST);
    }

    private List<Boolean> record(List<Brought> brought) {
        Map<String, List<NewInflow>> byAccount = new TreeMap<>();
        for (Brought batch : brought) {
            byAccount.computeIfAbsent(batch.account(), a -> new ArrayList<>()).addAll(batch.credits());
        }
        byAccount.forEach((account, credits) -> {
            for (int from = 0; from < credits.size(); from += COMMAND) {
                commands.send(
                        new RecordInflows(account, credits.subList(from, Math.min(credits.size(), from + COMMAND))));
            }
        });
        brought.forEach(batch -> events.publish(batch.routed()));
        return Collections.nCopies(brought.size(), Boolean.TRUE);
    }

    @Override
    public void close() {
        together.close();
    }

    private static InflowsRouted routed(int client, String account, List<Inflow> inflows) {
        return new InflowsRouted(
                "W1AGR" + client,
                "EUR",
                List.of(new Terms("W1STORE" + client, account, "0".repeat(64), CLAIMS)),
                inflows.stream()
                        .map(inflow -> new Routed(
                                inflow.id(),
                                0,
                                inflow.units(),
                                inflow.day(),
                                IntStream.range(0, Inflow.LEGS)
                                        .mapToObj(inflow::leg)
                                        .toList(),
                                0,
                                null))
                        .toList());
    }
}
