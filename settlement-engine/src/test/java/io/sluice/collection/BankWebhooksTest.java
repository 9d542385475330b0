package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.bank.meridian.MeridianBank;
import io.sluice.bank.webhook.StandardWebhooks;
import io.sluice.bank.webhook.WebhookSecret;
import io.sluice.platform.AuditLog;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.SharedTransactions;
import io.sluice.platform.TestBeans;
import io.sluice.platform.TestDatabase;
import io.sluice.platform.Transactions;
import io.sluice.policies.WorkList;
import io.sluice.sandbox.SandboxPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

/** What reaches the inbox and what does not, on the real database. */
class BankWebhooksTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final String BODY = "{\"id\":\"evt_1\",\"type\":\"transaction.booked\"}";

    private static TestDatabase database;
    private static BankWebhooks webhooks;
    private static Inbox inbox;
    private static final AtomicInteger woken = new AtomicInteger();

    @BeforeAll
    static void wire(@TempDir Path dir) throws IOException {
        database = TestDatabase.fresh();
        Path keys = Files.writeString(dir.resolve("keys.properties"), "api.key=k\nwebhook.secrets=" + SECRET + "\n");
        TestBeans beans = TestBeans.on(database);
        inbox = new Inbox(beans.db(), beans.evidence(), beans.transactions(), workList(beans));
        webhooks = new BankWebhooks(
                new Banks(List.of(MeridianBank.fromKeys(URI.create("http://localhost:1"), keys))),
                new SharedTransactions<>(beans.transactions(), inbox::keep, 2),
                woken::incrementAndGet,
                Clock.fixed(NOW, ZoneOffset.UTC),
                new SimpleMeterRegistry());
    }

    private static WorkList workList(TestBeans beans) {
        var context = new AnnotationConfigApplicationContext();
        context.registerBean(JdbcClient.class, beans::db);
        context.registerBean(AuditLog.class, beans::audit);
        context.registerBean(Transactions.class, beans::transactions);
        context.registerBean(BusinessClock.class, () -> () -> NOW);
        context.register(WorkList.class);
        context.refresh();
        return context.getBean(WorkList.class);
    }

    private static MockHttpServletResponse deliver(String bank, String id, Instant at, String signed, String sent)
            throws IOException {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/hooks/" + bank);
        request.addHeader("webhook-id", id);
        request.addHeader("webhook-timestamp", String.valueOf(at.getEpochSecond()));
        request.addHeader(
                "webhook-signature",
                StandardWebhooks.sign(WebhookSecret.parse(SECRET), id, at, signed.getBytes(StandardCharsets.UTF_8)));
        request.setContent(sent.getBytes(StandardCharsets.UTF_8));
        return answer(bank, request);
    }

    private static MockHttpServletResponse answer(String bank, MockHttpServletRequest request) throws IOException {
        MockHttpServletResponse answer = new MockHttpServletResponse();
        webhooks.deliver(bank, request, answer);
        return answer;
    }

    private static MockHttpServletResponse deliver(String id, String body) throws IOException {
        return deliver("meridian", id, NOW, body, body);
    }

    private static int kept(String id) {
        return database.as(SandboxPostgres.APP)
                .sql("select count(*) from inbox where event_id = ?")
                .param(id)
                .query(Integer.class)
                .single();
    }

    private static String type(MockHttpServletResponse answer) throws IOException {
        assertThat(answer.getContentType()).isEqualTo("application/problem+json");
        return JsonMapper.builder()
                .build()
                .readTree(answer.getContentAsByteArray())
                .get("type")
                .asString();
    }

    @Test
    void acknowledgesWhatItHasKept() throws IOException {
        int before = woken.get();
        assertThat(deliver("msg_ok", BODY).getStatus()).isEqualTo(204);
        assertThat(kept("msg_ok")).isEqualTo(1);
        assertThat(woken.get()).isEqualTo(before + 1);
    }

    @Test
    void acknowledgesARepeatAndKeepsItOnce() throws IOException {
        for (int i = 0; i < 5; i++) {
            assertThat(deliver("msg_repeat", BODY).getStatus()).isEqualTo(204);
        }
        assertThat(kept("msg_repeat")).isEqualTo(1);
    }

    @Test
    void refusesAKnownIdWithAnotherBodyAndKeepsBoth() throws IOException {
        deliver("msg_other", BODY);
        MockHttpServletResponse answer = deliver("msg_other", BODY.replace("evt_1", "evt_2"));
        assertThat(answer.getStatus()).isEqualTo(409);
        assertThat(type(answer)).endsWith("event-id-reused");
        assertThat(database.as(SandboxPostgres.APP)
                        .sql(
                                "select count(*) from inbox_conflict c join inbox using (inbox_id) where event_id = 'msg_other'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
        assertThat(deliver("msg_other", BODY.replace("evt_1", "evt_2")).getStatus())
                .isEqualTo(409);
        assertThat(database.as(SandboxPostgres.APP)
                        .sql("select summary from work_item where item_id like 'CONFLICT-%'"
                                + " and summary like '%msg_other%'")
                        .query(String.class)
                        .list())
                .singleElement()
                .asString()
                .contains("meridian", "msg_other");
    }

    @Test
    void refusesAndForgetsWhatIsNotTheBanks() throws IOException {
        assertThat(deliver("meridian", "msg_bad", NOW, BODY, BODY + " ").getStatus())
                .isEqualTo(401);
        assertThat(deliver("meridian", "msg_bad", NOW.minusSeconds(301), BODY, BODY)
                        .getStatus())
                .isEqualTo(401);
        assertThat(deliver("meridian", "msg_bad", NOW.plusSeconds(301), BODY, BODY)
                        .getStatus())
                .isEqualTo(401);
        assertThat(deliver("nobody", "msg_bad", NOW, BODY, BODY).getStatus()).isEqualTo(404);
        MockHttpServletRequest unsigned = new MockHttpServletRequest("POST", "/hooks/meridian");
        unsigned.setContent(BODY.getBytes(StandardCharsets.UTF_8));
        assertThat(answer("meridian", unsigned).getStatus()).isEqualTo(401);
        assertThat(kept("msg_bad")).isZero();
    }

    @Test
    void refusesABodyThatIsTooLargeBeforeVerifyingIt() throws IOException {
        String large = "x".repeat(256 * 1024 + 1);
        MockHttpServletResponse answer = deliver("msg_large", large);
        assertThat(answer.getStatus()).isEqualTo(413);
        assertThat(kept("msg_large")).isZero();
    }

    private static Inbox.Arrival arrival(String id, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return new Inbox.Arrival("meridian", id, Inbox.Kind.WEBHOOK, bytes, bytes);
    }

    @Test
    void tellsEachOfThoseThatArriveTogetherWhatBecameOfIt() {
        inbox.keep(List.of(arrival("msg_t0", "zero")));
        assertThat(inbox.keep(List.of(
                        arrival("msg_t1", "one"),
                        arrival("msg_t0", "zero"),
                        arrival("msg_t1", "one"),
                        arrival("msg_t1", "another"),
                        arrival("msg_t2", "one"),
                        arrival("msg_t0", "nought"),
                        arrival("msg_t1", "another"))))
                .containsExactly(
                        Inbox.Kept.NEW,
                        Inbox.Kept.REPEATED,
                        Inbox.Kept.REPEATED,
                        Inbox.Kept.CONFLICT,
                        Inbox.Kept.NEW,
                        Inbox.Kept.CONFLICT,
                        Inbox.Kept.CONFLICT);
        assertThat(database.as(SandboxPostgres.APP)
                        .sql("select count(*) from inbox_conflict c join inbox using (inbox_id)"
                                + " where event_id in ('msg_t0', 'msg_t1')")
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
        for (String id : List.of("msg_t0", "msg_t1", "msg_t2")) {
            assertThat(kept(id)).isEqualTo(1);
        }
    }

    @Test
    void keepsGenuineNonsenseForAPerson() throws IOException {
        assertThat(deliver("msg_nonsense", "{{{").getStatus()).isEqualTo(204);
        assertThat(kept("msg_nonsense")).isEqualTo(1);
    }
}
