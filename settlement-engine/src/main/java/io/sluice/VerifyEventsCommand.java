package io.sluice;

import io.sluice.chain.AnchoredSeals;
import io.sluice.chain.ChainFailure;
import io.sluice.ledger.evidence.EventCheck;
import io.sluice.ledger.evidence.EventCheck.Finding;
import io.sluice.ledger.evidence.EventCheck.Report;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./sluice verify-events}: exit 0 when the events are those that were written, 1 when not, 3 when that cannot be found out. */
@Command(
        name = "verify-events",
        mixinStandardHelpOptions = true,
        description = {
            "Recompute every seal from the events, compare the head with the chain, and name each row that was altered, deleted or put in"
                    + " later.",
            "Reads the database of SLUICE_DB_URL with SLUICE_DB_USER and SLUICE_DB_PASSWORD (the auditor's login is enough) and the chain"
                    + " of SLUICE_CHAIN_RPC and SLUICE_CHAIN_RULE_REGISTRY; without them, those of the running demo."
        })
final class VerifyEventsCommand implements Callable<Integer> {

    @Option(names = "--data", description = "The running demo's data folder (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data/demo");

    @Option(names = "--without-chain", description = "Leave the chain out.")
    private boolean withoutChain;

    @Option(names = "--json", description = "One JSON object, and nothing else, on stdout.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** Where the books and the chain are. */
    private record Books(
            String url,
            String user,
            String password,
            @Nullable URI rpc,
            @Nullable String registry) {}

    @Override
    public Integer call() {
        Books books;
        Report report;
        try {
            books = books(System.getenv());
            report = check(books);
        } catch (IllegalStateException | ChainFailure outside) {
            spec.commandLine().getErr().println(outside.getMessage());
            return 3;
        } catch (SQLException unread) {
            spec.commandLine().getErr().println("The events cannot be read: " + unread.getMessage());
            return 3;
        } catch (IOException unread) {
            spec.commandLine().getErr().println("The demo's data folder cannot be read: " + unread.getMessage());
            return 3;
        }
        spec.commandLine().getOut().println(json ? asJson(report) : inWords(report));
        spec.commandLine().getOut().flush();
        return report.holds() ? 0 : 1;
    }

    private Books books(Map<String, String> environment) throws IOException {
        String url = environment.get("SLUICE_DB_URL");
        if (url != null) {
            String rpc = environment.get("SLUICE_CHAIN_RPC");
            return new Books(
                    url,
                    environment.getOrDefault("SLUICE_DB_USER", "sluice_auditor"),
                    environment.getOrDefault("SLUICE_DB_PASSWORD", ""),
                    rpc == null ? null : URI.create(rpc),
                    environment.get("SLUICE_CHAIN_RULE_REGISTRY"));
        }
        Path file = data.resolve("sandbox.json");
        if (!Files.exists(file)) {
            throw new IllegalStateException("No demo runs on " + data.toAbsolutePath()
                    + ": start it, or name the database by SLUICE_DB_URL, SLUICE_DB_USER and SLUICE_DB_PASSWORD.");
        }
        JsonNode ready = new JsonMapper().readTree(Files.readAllBytes(file));
        Path secrets = Path.of(ready.path("postgres").path("secrets").asString());
        return new Books(
                ready.path("postgres").path("url").asString(),
                "sluice_auditor",
                Files.readString(secrets.resolve("sluice_auditor")).strip(),
                URI.create(ready.path("chain").path("rpc").asString()),
                ready.path("chain").path("rules").asString());
    }

    private Report check(Books books) throws SQLException {
        AnchoredSeals onChain = null;
        if (!withoutChain) {
            URI rpc = books.rpc();
            String registry = books.registry();
            if (rpc == null || registry == null) {
                throw new IllegalStateException(
                        "SLUICE_CHAIN_RPC and SLUICE_CHAIN_RULE_REGISTRY name the chain; --without-chain leaves it out.");
            }
            onChain = AnchoredSeals.read(rpc, registry);
        }
        try (Connection connection = DriverManager.getConnection(books.url(), books.user(), books.password())) {
            return EventCheck.run(connection, onChain);
        }
    }

    private static String asJson(Report report) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("holds", report.holds());
        told.put("seals", report.seals());
        told.put("sealedEvents", report.sealed());
        told.put("unsealedEvents", report.unsealed());
        told.put("anchoredSeal", report.anchored());
        told.put("findings", report.findings());
        told.put("furtherFindings", report.further());
        return new JsonMapper().writeValueAsString(told);
    }

    private static String inWords(Report report) {
        StringBuilder words = new StringBuilder();
        for (Finding finding : report.findings()) {
            words.append(finding.kind());
            if (finding.index() != null) {
                words.append(" event ").append(finding.index());
            } else if (finding.seal() != null) {
                words.append(" seal ").append(finding.seal());
            }
            if (finding.eventId() != null) {
                words.append(" (").append(finding.eventId()).append(')');
            }
            words.append(": ").append(finding.detail()).append(System.lineSeparator());
        }
        if (report.further() > 0) {
            words.append("and ").append(report.further()).append(" more").append(System.lineSeparator());
        }
        Long anchored = report.anchored();
        return words.append(report.sealed())
                .append(" events under ")
                .append(report.seals())
                .append(" seals, ")
                .append(report.unsealed())
                .append(" not sealed yet; ")
                .append(
                        anchored == null
                                ? "the chain was not asked"
                                : anchored == 0 ? "none anchored yet" : "on chain up to seal " + anchored)
                .append(". ")
                .append(
                        report.holds()
                                ? "Every event is as it was written."
                                : "The events are NOT as they were written.")
                .toString();
    }
}
