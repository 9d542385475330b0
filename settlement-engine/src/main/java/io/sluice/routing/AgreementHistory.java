package io.sluice.routing;

import java.util.stream.Stream;
import org.axonframework.eventsourcing.eventstore.EventStore;

/** All that has happened to an agreement, in order, as it is stored. */
final class AgreementHistory {

    private AgreementHistory() {}

    static Stream<RoutingEvent> of(EventStore events, String agreementId) {
        return events.readEvents(agreementId)
                .asStream()
                .map(message -> (Object) message.getPayload())
                .filter(RoutingEvent.class::isInstance)
                .map(RoutingEvent.class::cast);
    }
}
