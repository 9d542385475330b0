package io.sluice;

/** What events tell of, for SQL. */
public final class TestEvents {

    /** To select from: a row for each credit that an event tells of, with its {@code aggregate_id} and, as JSON, {@code inflow}. */
    public static final String BOOKED =
            "(select aggregate_id, jsonb_array_elements(convert_from(payload, 'UTF8')::jsonb -> 'inflows') as inflow"
                    + " from event where payload_type = 'collection.InflowsBooked') as booked";

    private TestEvents() {}
}
