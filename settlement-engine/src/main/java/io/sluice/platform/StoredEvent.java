package io.sluice.platform;

/**
 * A fact that is kept for ever. Only records that carry this mark can be written to or read from the event store, under the name {@code
 * capability.SimpleName}: plain data, never renamed, never reused; a new meaning is a new event. Holds no personal data and no secret.
 */
public interface StoredEvent {

    /**
     * Facts of one event: what the event itself costs is little beside so many, and who handles events in batches still has small ones.
     */
    int MOST_FACTS = 100;

    /** How many facts it tells at once; what is read in batches counts them, not events. */
    default int facts() {
        return 1;
    }
}
