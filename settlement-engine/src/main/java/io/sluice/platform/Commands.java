package io.sluice.platform;

import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Sends a command and waits: when it returns, what was decided is durable, or will be with the caller's transaction. */
@Component
public class Commands {

    private final CommandGateway gateway;
    private final EventStore events;

    Commands(CommandGateway gateway, EventStore events) {
        this.gateway = gateway;
        this.events = events;
    }

    /**
     * Sends a command that begins a new aggregate, unless it was begun before: then nothing is sent and the answer is false. (Axon's
     * create-if-missing can leave its lock behind when it fails, EVENTSTORE 9.7.)
     */
    public boolean begin(String aggregateId, Object command) {
        if (events.lastSequenceNumberFor(aggregateId).isPresent()) {
            return false;
        }
        send(command);
        return true;
    }

    /** Throws the {@link Rejection} or defect that the handler threw. */
    public void send(Object command) {
        ask(command);
    }

    /** As {@link #send}, with the handler's answer. */
    @SuppressWarnings("TypeParameterUnusedInFormals")
    public <T> @Nullable T ask(Object command) {
        try {
            return gateway.sendAndWait(command);
        } catch (CommandExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
