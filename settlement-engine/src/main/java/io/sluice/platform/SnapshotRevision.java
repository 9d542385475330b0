package io.sluice.platform;

import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventsourcing.snapshotting.SnapshotFilter;

/**
 * Lets a snapshot through only when it was written by this revision of the aggregates' shape. Axon's own filter never matches in 4.13.0,
 * so that a stale snapshot would be loaded after a change of shape (EVENTSTORE 9.5). A snapshot is a cache: refusing one costs a replay.
 */
final class SnapshotRevision implements SnapshotFilter {

    private final String revision;

    SnapshotRevision(String revision) {
        this.revision = revision;
    }

    @Override
    public boolean test(DomainEventData<?> snapshot) {
        return revision.equals(snapshot.getPayload().getType().getRevision());
    }
}
