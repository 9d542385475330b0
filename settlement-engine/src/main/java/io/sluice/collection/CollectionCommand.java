package io.sluice.collection;

import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What a bank account of ours can be told. */
public sealed interface CollectionCommand {

    String account();

    /** Puts an account under the engine's control. Saying the same again changes nothing. */
    record RegisterAccount(
            @TargetAggregateIdentifier String account,
            String bank,
            String currency,
            AccountKind kind,
            String name,
            AccountPolicy policy)
            implements CollectionCommand {

        /** Under the policy that holds where nobody says otherwise. */
        public RegisterAccount(String account, String bank, String currency, AccountKind kind, String name) {
            this(account, bank, currency, kind, name, AccountPolicy.BOOKED_NOTICE);
        }
    }

    /**
     * From now on money on this account counts by another policy, also what is announced and was told enough for it. What counted stays;
     * saying the same again changes nothing.
     */
    record ChangePolicy(@TargetAggregateIdentifier String account, AccountPolicy policy) implements CollectionCommand {}

    /** Records credits of one account that are expected and do not count yet; their keys are claimed in the same transaction. */
    record AnnounceInflows(@TargetAggregateIdentifier String account, List<Announcement> announcements)
            implements CollectionCommand {
        public AnnounceInflows {
            announcements = List.copyOf(announcements);
        }
    }

    /** Records that an announced credit is no longer expected; decided in the same transaction. */
    record LapseAnnouncement(@TargetAggregateIdentifier String account, UUID inflowId, String reason)
            implements CollectionCommand {}

    /** Records inflows of one account that are new; their keys are claimed in the same transaction. At most 500. */
    record RecordInflows(@TargetAggregateIdentifier String account, List<NewInflow> inflows)
            implements CollectionCommand {
        public RecordInflows {
            inflows = List.copyOf(inflows);
        }
    }

    /** Records that the bank took an inflow back, whole; claimed in the same transaction. */
    record ReverseInflow(
            @TargetAggregateIdentifier String account,
            UUID inflowId,
            long units,
            String currency,
            LocalDate valueDate,
            String evidenceSha256)
            implements CollectionCommand {}

    /** Records that an inflow which was taken back is never divided; its division is claimed in the same transaction. */
    record WithdrawInflow(
            @TargetAggregateIdentifier String account,
            UUID inflowId,
            InflowKind kind,
            long units,
            String currency,
            LocalDate valueDate)
            implements CollectionCommand {}

    /** Says that an inflow in suspense is a store's proceeds; decided in the same transaction, once. */
    record AssignInflow(
            @TargetAggregateIdentifier String account,
            UUID inflowId,
            String storeId,
            long units,
            String currency,
            LocalDate valueDate,
            String assignedBy)
            implements CollectionCommand {}

    /** Records that a statement of this account was read; its entries became inflows before. */
    record RecordStatement(@TargetAggregateIdentifier String account, StatementSummary statement)
            implements CollectionCommand {}
}
