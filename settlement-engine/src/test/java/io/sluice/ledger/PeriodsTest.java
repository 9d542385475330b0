package io.sluice.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.Rebuilding;
import io.sluice.TestApi;
import io.sluice.TestEngine;
import io.sluice.TestEvents;
import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionCommand.RecordInflows;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.collection.InflowKind;
import io.sluice.collection.NewInflow;
import io.sluice.platform.Commands;
import io.sluice.policies.WorkList;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Closed books stay closed: what comes late is booked on the first open day, with its own value date, and for ever in the same place. */
class PeriodsTest {

    private static final LocalDate OCTOBER = LocalDate.of(2026, 10, 31);
    private static final String ACCOUNT = "PERIODS1";

    @TempDir
    Path dir;

    @Test
    void lateItemsAreBookedOnTheFirstOpenDayAndARebuildBooksThemThereAgain() throws Exception {
        try (TestEngine engine = TestEngine.start(
                dir, "operator=TREASURY_OPERATOR", "approver=APPROVER", "both=TREASURY_OPERATOR,APPROVER")) {
            register(engine, ACCOUNT);
            record(engine, ACCOUNT, 1, 100, OCTOBER.minusDays(3));
            closesByTwoPeopleAndForGood(engine);
            JdbcClient db = engine.bean(JdbcClient.class);
            String before = db.sql("select max(recorded_at) from posting")
                    .query((row, n) -> row.getTimestamp(1).toInstant().toString())
                    .single();
            record(engine, ACCOUNT, 2, 20, OCTOBER.minusDays(40));
            record(engine, ACCOUNT, 3, 3, OCTOBER.plusDays(5));
            posted(engine, ACCOUNT, 3);
            saysWhereLateItemsBelong(TestApi.as("operator", engine), before);
            waitsForEventsThatAreOlder(engine);
            closesWhileOthersWrite(engine);
        }
        Rebuilding.Answer rebuilt = Rebuilding.rebuild(dir, "--verify");
        assertThat(rebuilt.exit()).as(rebuilt.err()).isZero();
    }

    private static void closesByTwoPeopleAndForGood(TestEngine engine) {
        posted(engine, ACCOUNT, 1);
        TestApi operator = TestApi.as("both", engine);
        assertThat(operator.post("/api/v1/ledger/periods", "{\"lastDay\":\"2099-12-31\"}")
                        .body())
                .contains("period-not-over");
        JsonNode asked = TestApi.json(operator.post("/api/v1/ledger/periods", "{\"lastDay\":\"" + OCTOBER + "\"}"));
        String approvals = "/api/v1/work/" + asked.path("itemId").asString() + "/approvals";
        String hash = "{\"hash\":\"" + asked.path("hash").asString() + "\"}";
        assertThat(operator.post(approvals, hash).body()).contains("same-person");
        TestApi approver = TestApi.as("approver", engine);
        assertThat(approver.post(approvals, hash).statusCode()).isEqualTo(201);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> TestApi.json(operator.get("/api/v1/ledger/periods"))
                        .at("/items/0/lastDay")
                        .asString("")
                        .equals(OCTOBER.toString()));
        assertThat(operator.post("/api/v1/ledger/periods", "{\"lastDay\":\"2026-10-30\"}")
                        .body())
                .contains("period-closed");
        assertThat(approver.post("/api/v1/ledger/periods", "{\"lastDay\":\"2026-11-01\"}")
                        .statusCode())
                .isEqualTo(403);
    }

    private static void saysWhereLateItemsBelong(TestApi auditor, String before) {
        String path =
                "/api/v1/ledger/postings?account=bank.collection/" + ACCOUNT + "&currency=EUR&from=2026-09-01&to=";
        JsonNode october = TestApi.json(auditor.get(path + "2026-10-31&by=booking"));
        assertThat(october.at("/closing/amount").asString()).isEqualTo("1.00");
        JsonNode byValue = TestApi.json(auditor.get(path + "2026-10-31"));
        assertThat(byValue.at("/closing/amount").asString()).isEqualTo("1.20");
        JsonNode late = byValue.at("/entries/0");
        assertThat(late.path("valueDate").asString()).isEqualTo("2026-09-21");
        assertThat(late.path("bookedOn").asString()).isEqualTo("2026-11-01");
        assertThat(late.path("belongedTo").asString()).isEqualTo("2026-10-31");
        JsonNode all = TestApi.json(auditor.get(path + "2026-11-30&by=booking"));
        assertThat(all.at("/closing/amount").asString()).isEqualTo("1.23");
        assertThat(all.at("/entries/2/belongedTo").isNull()).isTrue();
        JsonNode then = TestApi.json(auditor.get("/api/v1/ledger/trial-balance?asOf=2026-11-30&at=" + before));
        assertThat(then.path("lines").values().stream()
                        .map(line -> line.at("/balance/amount").asString()))
                .containsExactly("1.00", "-1.00");
        assertThat(auditor.get("/api/v1/ledger/trial-balance?at=noon").body()).contains("expected an instant such as");
    }

    /** An event that has its place in the order, and is not committed, would else be seen behind the closing now, and before it later. */
    private static void waitsForEventsThatAreOlder(TestEngine engine) throws SQLException {
        CompletableFuture<Void> closing;
        try (Connection writer = engine.bean(DataSource.class).getConnection();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute(
                    "insert into event (event_id, aggregate_id, sequence_no, occurred_at, payload_type, payload)"
                            + " values ('older', 'older', 0, '2026-11-23T00:00:00Z', 'none', '')");
            closing = CompletableFuture.runAsync(() -> close(engine, OCTOBER.plusDays(1)));
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> engine.bean(JdbcClient.class)
                                    .sql(
                                            "select count(*) from pg_locks where relation = 'event'::regclass and not granted")
                                    .query(Integer.class)
                                    .single()
                            == 1);
            assertThat(closing).isNotDone();
            writer.rollback();
        }
        closing.join();
    }

    private static void closesWhileOthersWrite(TestEngine engine) throws Exception {
        List<Future<?>> writers = new ArrayList<>();
        AtomicBoolean closed = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (int writer = 0; writer < 3; writer++) {
                String account = "PERIODS-W" + writer;
                int first = (writer + 1) * 1_000_000;
                register(engine, account);
                writers.add(threads.submit(() -> {
                    for (int i = 0; !closed.get(); i++) {
                        record(engine, account, first + i, 1, OCTOBER.plusDays(2 + i % 12));
                    }
                }));
            }
            for (int day = 2; day < 14; day++) {
                close(engine, OCTOBER.plusDays(day));
            }
            closed.set(true);
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        JdbcClient db = engine.bean(JdbcClient.class);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> db.sql("select (select count(*) from " + TestEvents.BOOKED + ") * 2"
                                + " = (select count(*) from posting)")
                        .query(Boolean.class)
                        .single());
        assertThat(db.sql(
                                "select count(*) filter (where belonged_to is null) > 0"
                                        + " and count(*) filter (where belonged_to is not null) > 0 from posting where account like '%PERIODS-W%'")
                        .query(Boolean.class)
                        .single())
                .isTrue();
        assertThat(db.sql(
                                "select count(*) from posting where booked_on <> coalesce(greatest(value_date, belonged_to + 1), value_date)"
                                        + " and belonged_to is null")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    private static void close(TestEngine engine, LocalDate lastDay) {
        Periods.Asked asked = engine.bean(Periods.class).ask(lastDay, "maker");
        engine.bean(WorkList.class).approve(asked.itemId(), asked.hash(), "approver");
    }

    private static void register(TestEngine engine, String account) {
        engine.bean(Commands.class)
                .begin(account, new RegisterAccount(account, "meridian", "EUR", AccountKind.COLLECTION, "One"));
    }

    private static void record(TestEngine engine, String account, int number, long units, LocalDate day) {
        NewInflow inflow = new NewInflow(
                new UUID(9, number), InflowKind.SALE, units, "EUR", day, "VALUE", "0".repeat(64), null, "default");
        engine.bean(Commands.class).send(new RecordInflows(account, List.of(inflow)));
    }

    private static void posted(TestEngine engine, String account, int inflows) {
        JdbcClient db = engine.bean(JdbcClient.class);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> db.sql("select count(*) from posting where account = 'bank.collection/' || ?")
                                .param(account)
                                .query(Integer.class)
                                .single()
                        == inflows);
    }
}
