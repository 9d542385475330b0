package io.sluice.policies;

import io.sluice.platform.BusinessClock;
import io.sluice.platform.Rejection;
import java.time.LocalDate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What a drafted mandate must fit beyond its own terms: the agreements that there are, and today. */
@Component
class MandateDrafts {

    private final JdbcClient db;
    private final BusinessClock clock;

    MandateDrafts(JdbcClient db, BusinessClock clock) {
        this.db = db;
        this.clock = clock;
    }

    /** @throws Rejection when the mandate could never cover anything */
    void check(Mandates.Terms terms) {
        LocalDate today = clock.today();
        if (!terms.expires().isAfter(today)) {
            throw new Rejection(
                    "mandate-expired", "expires: found " + terms.expires() + ", expected a day after " + today);
        }
        String currency = db.sql("select currency from agreement where agreement_id = ?")
                .param(terms.agreementId())
                .query(String.class)
                .optional()
                .orElseThrow(() -> new Rejection(
                        "unknown-agreement", "agreementId: there is no agreement \"" + terms.agreementId() + "\""));
        if (!currency.equals(terms.currency())) {
            throw new Rejection(
                    "mandate-currency",
                    "currency: found " + terms.currency() + ", expected " + currency + " as " + terms.agreementId()
                            + " has");
        }
    }

    /** The state of a mandate that was drafted. */
    String state(String mandateHash) {
        return db.sql("select state from mandate where mandate_hash = ?")
                .param(mandateHash)
                .query(String.class)
                .single();
    }
}
