package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.platform.Commands;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A running engine seals its events and anchors the head; the command says so with the auditor's login alone. */
class VerifyEventsCommandTest {

    @TempDir
    Path dir;

    @Test
    void theEventsOfARunningEngineAreSealedAnchoredAndVerified() {
        try (TestEngine engine = TestEngine.start(dir, List.of("--sluice.seals.anchor-every=1s"))) {
            engine.bean(Commands.class)
                    .begin("AGR-1", new OpenAgreement("AGR-1", "One", "EUR", "T", "TRUST", "FEE", List.of()));
            JdbcClient db = engine.bean(JdbcClient.class);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> db.sql("select count(*) from chk_event_chain where anchor_tx is not null")
                                    .query(Long.class)
                                    .single()
                            > 0);

            Answer answer = run("--data", dir.resolve("sandbox").toString(), "--json");
            assertThat(answer.exit()).isZero();
            JsonNode report = new JsonMapper().readTree(answer.out());
            assertThat(report.path("holds").asBoolean()).isTrue();
            assertThat(report.path("sealedEvents").asLong()).isPositive();
            assertThat(report.path("anchoredSeal").asLong()).isPositive();
            assertThat(run("--data", dir.resolve("sandbox").toString()).out())
                    .endsWith("Every event is as it was written.\n");
        }
        Answer gone = run("--data", dir.resolve("sandbox").toString());
        assertThat(gone.exit()).isEqualTo(3);
        assertThat(gone.err()).startsWith("No demo runs on " + dir.resolve("sandbox"));
    }

    private record Answer(int exit, String out, String err) {}

    private static Answer run(String... options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exit = new CommandLine(new VerifyEventsCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .execute(options);
        return new Answer(exit, out.toString(), err.toString());
    }
}
