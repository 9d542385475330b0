package io.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.TestEvents;
import io.sluice.bank.webhook.WebhookSecret;
import io.sluice.bench.DeliveryPlan.Credit;
import io.sluice.platform.Hashes;
import io.sluice.sandbox.Sandbox;
import io.sluice.sandbox.SandboxPostgres;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/**
 * A bank delivers at full speed while the engine's process is killed again and again: what was acknowledged is there, and every credit is
 * one inflow. By default 600 deliveries and one kill; {@code -Dsluice.kill.deliveries=20000 -Dsluice.kill.kills=5} for the large number,
 * {@code -Dsluice.kill.seed=…} to run one again.
 */
class IntakeKillTest {

    private static final int DELIVERIES = Integer.getInteger("sluice.kill.deliveries", 600);
    private static final int KILLS = Integer.getInteger("sluice.kill.kills", 1);
    private static final long SEED = Long.getLong("sluice.kill.seed", new Random().nextInt(1_000_000));
    private static final int CONNECTIONS = 16;
    private static final Duration DRAINS = Duration.ofMinutes(5 + DELIVERIES / 1_000);
    private static final List<String> ACCOUNTS =
            IntStream.rangeClosed(1, 8).mapToObj("KILLTEST%d"::formatted).toList();

    @TempDir
    private Path dir;

    @Test
    void losesNothingThatItAcknowledgedAndDoublesNothing() throws Exception {
        System.out.printf("IntakeKillTest: %d deliveries, %d kills, seed %d%n", DELIVERIES, KILLS, SEED);
        DeliveryPlan plan = DeliveryPlan.of("K", DELIVERIES, ACCOUNTS, SEED);
        try (Sandbox sandbox = OutsideWorld.start(dir);
                EngineProcess engine = new EngineProcess(
                        OutsideWorld.settings(sandbox, dir, "onboarding=ONBOARDING"), dir.resolve("engine.log"))) {
            JdbcClient db = books(sandbox.postgres());
            engine.start();
            Api.registerAccounts(engine.address(), ACCOUNTS);

            Bank bank = new Bank(secret(sandbox.bankKeys()), CONNECTIONS);
            CompletableFuture<Bank.Delivered> delivering = new CompletableFuture<>();
            Thread.ofPlatform().name("bank").daemon().start(() -> {
                try {
                    delivering.complete(bank.deliver(plan.deliveries(), engine.address(), "/hooks/meridian"));
                } catch (Throwable e) {
                    delivering.completeExceptionally(e);
                }
            });
            Random random = new Random(SEED);
            for (int kill = 0; kill < KILLS; kill++) {
                // Somewhere in the middle of the kill's share.
                int share = DELIVERIES * 9 / 10 / KILLS;
                int at = kill * share + share / 4 + random.nextInt(share / 2);
                Awaitility.await()
                        .atMost(DRAINS)
                        .pollInterval(Duration.ofMillis(2))
                        .until(() -> bank.numberAcknowledged() >= at || delivering.isDone());
                engine.kill();
                Set<Integer> acknowledged = bank.acknowledged();
                Map<String, String> kept = kept(db);
                for (int delivery : acknowledged) {
                    isKept(kept, plan.deliveries().get(delivery));
                }
                System.out.printf(
                        "killed after %d acknowledgements, none lost; %d events in the inbox, %d unread, %d inflows%n",
                        acknowledged.size(),
                        kept.size(),
                        unread(db),
                        db.sql("select count(*) from " + TestEvents.BOOKED)
                                .query(Integer.class)
                                .single());
                assertThat(delivering).as("killed in the middle").isNotDone();
                engine.start();
            }
            Bank.Delivered delivered = delivering.get();
            drained(db);

            System.out.printf(
                    "%d acknowledged, %d times nobody answered, %d events, %d credits%n",
                    bank.numberAcknowledged(),
                    delivered.unanswered(),
                    plan.events(),
                    plan.credits().size());
            assertThat(delivered.unanswered()).as("the kills were felt").isPositive();
            nothingAcknowledgedIsLost(db, plan, bank.acknowledged());
            everyCreditIsOneInflow(db, plan);
        }
    }

    /** By the bank's own list of what was acknowledged, which is all that is its own and nothing else. */
    private static void nothingAcknowledgedIsLost(JdbcClient db, DeliveryPlan plan, Set<Integer> acknowledged) {
        Map<String, String> kept = kept(db);
        for (int i = 0; i < plan.deliveries().size(); i++) {
            Delivery delivery = plan.deliveries().get(i);
            assertThat(acknowledged.contains(i)).as(delivery.eventId()).isEqualTo(delivery.genuine());
            if (delivery.genuine()) {
                isKept(kept, delivery);
            }
        }
        assertThat(kept).hasSize((int) plan.events());
        assertThat(db.sql("select count(*) from inbox where state <> 'DONE'")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    /** With the very bytes that were sent. */
    private static void isKept(Map<String, String> kept, Delivery delivery) {
        assertThat(kept).containsEntry(delivery.eventId(), Hashes.sha256(delivery.bytes()));
    }

    private static Map<String, String> kept(JdbcClient db) {
        Map<String, String> kept = new HashMap<>();
        db.sql("select event_id, body_sha256 from inbox").query(rs -> {
            assertThat(kept.put(rs.getString(1), rs.getString(2)))
                    .as("event %s is kept once", rs.getString(1))
                    .isNull();
        });
        return kept;
    }

    /** In the events, in the read model and in the books: as many, and as much on each account, as the bank booked. */
    private static void everyCreditIsOneInflow(JdbcClient db, DeliveryPlan plan) {
        Map<String, Long> booked = plan.credits().stream()
                .collect(Collectors.groupingBy(Credit::account, TreeMap::new, Collectors.summingLong(Credit::units)));
        assertThat(db.sql("select count(*) from " + TestEvents.BOOKED)
                        .query(Integer.class)
                        .single())
                .isEqualTo(plan.credits().size());
        Map<String, Long> inflows = new TreeMap<>();
        db.sql("select account, sum(units)::bigint from inflow group by account")
                .query(rs -> {
                    inflows.put(rs.getString(1), rs.getLong(2));
                });
        assertThat(inflows).isEqualTo(booked);
        assertThat(db.sql("select count(*) from inflow").query(Integer.class).single())
                .isEqualTo(plan.credits().size());
        assertThat(db.sql("select count(distinct inflow_id) from inflow_key where kind = 'MOVEMENT'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(plan.credits().size());
        assertThat(db.sql("select coalesce(sum(units), 0)::bigint from posting")
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(db.sql("select count(*) from parked_sighting")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    private static int unread(JdbcClient db) {
        return db.sql("select count(*) from inbox where state = 'NEW'")
                .query(Integer.class)
                .single();
    }

    /** Until everything is read and every inflow that was recorded is shown and booked. */
    private static void drained(JdbcClient db) {
        Awaitility.await()
                .atMost(DRAINS)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> unread(db) == 0
                        && db.sql("select (select count(*) from " + TestEvents.BOOKED
                                                + ") - least((select count(*) from inflow),"
                                                + " (select count(distinct journal_id) from posting))")
                                        .query(Integer.class)
                                        .single()
                                <= 0);
    }

    private static WebhookSecret secret(Path keys) throws Exception {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(keys)) {
            properties.load(in);
        }
        return WebhookSecret.parse(properties.getProperty("webhook.secrets"));
    }

    /** As an auditor sees them. */
    private static JdbcClient books(SandboxPostgres postgres) {
        return JdbcClient.create(new SimpleDriverDataSource(
                new org.postgresql.Driver(),
                postgres.jdbcUrl("sluice"),
                SandboxPostgres.AUDITOR,
                postgres.password(SandboxPostgres.AUDITOR)));
    }
}
