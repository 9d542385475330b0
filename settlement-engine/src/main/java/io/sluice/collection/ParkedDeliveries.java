package io.sluice.collection;

import io.sluice.platform.AuditLog;
import io.sluice.platform.Evidence;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import java.util.List;
import org.springframework.stereotype.Component;

/** What could not be read by itself: to be looked at byte by byte, and read again once its cause is mended. Every look is written down. */
@Component
public class ParkedDeliveries {

    private final Inbox inbox;
    private final InboxReader reader;
    private final Evidence evidence;
    private final AuditLog audit;
    private final Transactions transactions;

    ParkedDeliveries(Inbox inbox, InboxReader reader, Evidence evidence, AuditLog audit, Transactions transactions) {
        this.inbox = inbox;
        this.reader = reader;
        this.evidence = evidence;
        this.audit = audit;
        this.transactions = transactions;
    }

    /** Newest first. */
    public List<Inbox.Delivery> before(long id, int limit) {
        return inbox.parked(id, limit);
    }

    /** Throws {@link Rejection} {@code no-such-delivery}. */
    public Inbox.Delivery find(long id) {
        return inbox.delivery(id).orElseThrow(() -> new Rejection("no-such-delivery", "There is no delivery " + id));
    }

    /** The bytes as the bank sent them. */
    public byte[] body(long id, String reader) {
        return transactions.in(() -> {
            Inbox.Delivery delivery = find(id);
            audit.record(reader, "READ_DELIVERY", Long.toString(id));
            return evidence.find(delivery.sha256())
                    .orElseThrow(() -> new Rejection("erased", "The bytes of delivery " + id + " were erased"));
        });
    }

    /** Has it read again, as if it had just arrived: what was recorded before is recognised. */
    public void replay(long id, String operator) {
        transactions.run(() -> {
            Inbox.Delivery delivery = find(id);
            if (!inbox.unpark(id)) {
                throw new Rejection(
                        "not-parked",
                        "Delivery " + id + " is " + delivery.state() + ", only parked ones are read again");
            }
            audit.record(operator, "REPLAY_DELIVERY", Long.toString(id));
            Transactions.afterCommit(reader::wake);
        });
    }
}
