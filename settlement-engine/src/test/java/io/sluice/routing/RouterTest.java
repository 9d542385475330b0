package io.sluice.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.TestEngine;
import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.platform.Commands;
import io.sluice.platform.Transactions;
import io.sluice.routing.Router.Queued;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RoutingEvent.StoreTerms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class RouterTest {

    private static final UUID INFLOW = new UUID(9, 1);

    @TempDir
    static Path dir;

    private JdbcClient db;

    /** The refusal of a router that began before the agreement came must not stand after it. */
    @Test
    void looksAgainAtWhatWasRefusedWhileTheAgreementCame() {
        try (TestEngine engine = TestEngine.start(dir)) {
            db = engine.bean(JdbcClient.class);
            Commands commands = engine.bean(Commands.class);
            Router router = engine.bean(Router.class);
            commands.begin("LATE", new RegisterAccount("LATE", "meridian", "EUR", AccountKind.COLLECTION, "Late"));
            engine.bean(Transactions.class).run(() -> {
                db.sql("insert into routing_queue (inflow_id, account, units, currency, value_date)"
                                + " values (?, 'LATE', 100, 'EUR', '2026-11-23')")
                        .param(INFLOW)
                        .update();
                List<Queued> queued = router.take();
                Thread.ofPlatform().start(() -> open(commands));
                Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> storeIsKnown() || somebodyWaits());
                router.route(queued);
            });
            // Without a rule it is refused for another reason, which only shows that somebody looked again.
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(reason()).isEqualTo("no-rule-in-force"));
        }
    }

    private static void open(Commands commands) {
        commands.begin(
                "AGR-LATE",
                new OpenAgreement(
                        "AGR-LATE",
                        "Late",
                        "EUR",
                        "T",
                        "TRUST",
                        "FEE",
                        List.of(new StoreTerms("STORE-LATE", "M", "Shop", "LATE", "P", null, null))));
    }

    private boolean storeIsKnown() {
        return count("select count(*) from store where store_id = 'STORE-LATE'") > 0;
    }

    private boolean somebodyWaits() {
        return count("select count(*) from pg_locks where locktype = 'advisory' and not granted") > 0;
    }

    private String reason() {
        return db.sql("select coalesce(reason, '') from routing_queue where inflow_id = ?")
                .param(INFLOW)
                .query(String.class)
                .single();
    }

    private int count(String query) {
        return db.sql(query).query(Integer.class).single();
    }
}
