package io.sluice.collection;

import io.sluice.platform.StoredEvent;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;

/** What can have happened on a bank account of ours. Units are minor units of the currency. */
public sealed interface CollectionEvent extends StoredEvent {

    String account();

    /** @param policy when money on it counts; null, before there were policies, is {@link AccountPolicy#BOOKED_NOTICE} */
    record AccountRegistered(
            String account,
            String bank,
            String currency,
            AccountKind kind,
            String name,
            @Nullable AccountPolicy policy) implements CollectionEvent {}

    /** From here on money on the account counts by another policy. {@code changedAt} is business time. */
    record AccountPolicyChanged(String account, AccountPolicy policy, Instant changedAt) implements CollectionEvent {}

    /**
     * A credit is expected and does not count yet: nothing is posted, divided or paid. When it counts, {@code InflowsBooked} follows under
     * the same id. {@code announcedAt} is business time.
     */
    record InflowAnnounced(
            UUID inflowId,
            String account,
            long units,
            String currency,
            LocalDate expectedOn,
            String evidenceSha256,
            Instant announcedAt)
            implements CollectionEvent {}

    /** What was announced is no longer expected; should it be booked after all, it counts under the same id. */
    record AnnouncementLapsed(UUID inflowId, String account, String reason, Instant lapsedAt)
            implements CollectionEvent {}

    /**
     * Money arrived, each credit once: all that one command records, as far as they fit. What one credit tells is read by {@link #each}.
     * {@code bookedAt} is business time.
     */
    record InflowsBooked(
            String account,
            AccountKind accountKind,
            String currency,
            Instant bookedAt,

            @JsonSerialize(using = BookedJson.Writer.class) @JsonDeserialize(using = BookedJson.Reader.class)
            List<Booked> inflows)
            implements CollectionEvent {

        public InflowsBooked {
            inflows = List.copyOf(inflows);
        }

        /** What of one credit is told by {@link InflowBooked}, in the order of their recording. */
        public Stream<InflowBooked> each() {
            return inflows.stream()
                    .map(inflow -> new InflowBooked(
                            inflow.inflowId(),
                            account,
                            accountKind,
                            inflow.kind(),
                            inflow.units(),
                            currency,
                            inflow.valueDate(),
                            inflow.valueDateSource(),
                            inflow.evidenceSha256(),
                            inflow.ourReference(),
                            bookedAt,
                            inflow.decidedBy()));
        }

        @Override
        public int facts() {
            return inflows.size();
        }
    }

    /** One of {@link InflowsBooked}; its fields are those of {@link InflowBooked}. */
    record Booked(
            UUID inflowId,
            InflowKind kind,
            long units,
            LocalDate valueDate,
            String valueDateSource,
            String evidenceSha256,
            @Nullable String ourReference,
            @Nullable String decidedBy) {

        /** Whether only id, units and reference are its own. */
        boolean isLike(Booked other) {
            return kind == other.kind
                    && valueDate.equals(other.valueDate)
                    && valueDateSource.equals(other.valueDateSource)
                    && evidenceSha256.equals(other.evidenceSha256)
                    && Objects.equals(decidedBy, other.decidedBy);
        }
    }

    /**
     * Money arrived, once. {@code bookedAt} is business time. Stored until 2026-11; one of {@link InflowsBooked} since.
     *
     * @param ourReference the end-to-end reference of an instruction of ours, for an own transfer or a return
     * @param decidedBy what decided the kind: evidence, a rule of the account's, or its default; null before there were rules
     */
    record InflowBooked(
            UUID inflowId,
            String account,
            AccountKind accountKind,
            InflowKind kind,
            long units,
            String currency,
            LocalDate valueDate,
            String valueDateSource,
            String evidenceSha256,
            @Nullable String ourReference,
            Instant bookedAt,
            @Nullable String decidedBy)
            implements CollectionEvent {}

    /** The bank took an inflow back, whole, whatever became of it since. {@code recordedAt} is business time. */
    record InflowReversed(
            UUID inflowId,
            String account,
            AccountKind accountKind,
            long units,
            String currency,
            LocalDate valueDate,
            String evidenceSha256,
            Instant recordedAt)
            implements CollectionEvent {}

    /** An inflow that was taken back had not been divided, and never will be: nothing of it is owed to anybody. */
    record InflowWithdrawn(
            UUID inflowId,
            String account,
            InflowKind kind,
            long units,
            String currency,
            LocalDate valueDate,
            Instant recordedAt)
            implements CollectionEvent {}

    /**
     * A person said that an inflow in suspense is a store's proceeds: from here on it is routed, at the value date that it always had.
     * {@code assignedAt} is business time.
     */
    record InflowAssigned(
            UUID inflowId,
            String account,
            String storeId,
            long units,
            String currency,
            LocalDate valueDate,
            String assignedBy,
            Instant assignedAt)
            implements CollectionEvent {}

    /** A statement balanced and was taken in. */
    record StatementReceived(String account, StatementSummary statement, Instant receivedAt)
            implements CollectionEvent {}
}
