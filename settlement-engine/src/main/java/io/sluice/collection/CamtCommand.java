package io.sluice.collection;

import io.sluice.bank.iso20022.CamtBalance;
import io.sluice.bank.iso20022.CamtSummary;
import io.sluice.bank.iso20022.Finding;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Shows what camt files hold, or with {@code --explain} what the engine would make of them. It only reads: nothing is booked, no engine
 * is started. Exit 0 when every file could be read (would be booked), 1 when some were refused, 2 on misuse.
 */
@Command(
        name = "camt",
        mixinStandardHelpOptions = true,
        description = "Shows what camt.052, camt.053 and camt.054 files hold, and what booking would refuse.")
public final class CamtCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder()
            // A terminal's encoding must not change what was read.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files to read.")
    private List<String> files = List.of();

    @Option(names = "--json", description = "One line of JSON per file, and nothing else, on stdout.")
    private boolean json;

    @Option(names = "--explain", description = "What the engine would book of each entry, and why not of the others.")
    private boolean explain;

    @Option(
            names = "--account-kind",
            description =
                    "With --explain: what the accounts are for, ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private AccountKind accountKind = AccountKind.COLLECTION;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        boolean allRead = true;
        for (String file : files) {
            if (explain) {
                CamtExplanation explanation = explain(file);
                allRead &= explanation.books();
                out.println(json ? JSON.writeValueAsString(explanation.json()) : table(explanation));
                out.flush();
                continue;
            }
            CamtSummary summary = summarize(file);
            allRead &= summary instanceof CamtSummary.Read;
            out.println(json ? summary.line() : table(summary));
            out.flush();
        }
        return allRead ? 0 : 1;
    }

    private static CamtSummary summarize(String file) {
        try (InputStream bytes = Files.newInputStream(Path.of(file))) {
            return CamtSummary.of(file, bytes);
        } catch (IOException | InvalidPathException e) {
            return CamtSummary.unopened(file, e.getClass().getSimpleName());
        }
    }

    private CamtExplanation explain(String file) {
        try {
            return CamtExplanation.of(file, Files.readAllBytes(Path.of(file)), accountKind);
        } catch (IOException | InvalidPathException e) {
            return new CamtExplanation(
                    file,
                    null,
                    List.of(),
                    "not-readable: The file could not be opened: "
                            + e.getClass().getSimpleName());
        }
    }

    private static String table(CamtExplanation explanation) {
        StringBuilder text = new StringBuilder(explanation.file())
                .append(System.lineSeparator())
                .append("  ")
                .append(
                        explanation.problem() == null
                                ? "would be booked"
                                : "nothing of it would be booked: " + explanation.problem());
        for (CamtExplanation.Report report : explanation.reports()) {
            row(text, "report", report.id() + " of " + report.account());
            if (explanation.books()) {
                row(text, "statement", report.statement());
            }
            for (CamtExplanation.Line line : report.lines()) {
                row(
                        text,
                        "entry " + line.number(),
                        String.format("%-13s", line.books() == null ? "-" : line.books()) + line.what() + ": "
                                + line.why());
            }
        }
        return text.toString();
    }

    private static String table(CamtSummary summary) {
        return switch (summary) {
            case CamtSummary.Refused refused ->
                refused.file() + System.lineSeparator() + "  refused (" + refused.reason() + "): " + refused.error();
            case CamtSummary.Read read ->
                read.file()
                        + System.lineSeparator()
                        + "  " + read.message() + ", " + count(read.reports().size(), "report", "reports")
                        + read.reports().stream().map(CamtCommand::table).collect(Collectors.joining());
        };
    }

    private static String table(CamtSummary.Report report) {
        StringBuilder text = new StringBuilder();
        row(text, "report", String.valueOf(report.header().id()));
        row(
                text,
                "account",
                report.header().account()
                        + (report.header().currency() == null
                                ? ""
                                : " " + report.header().currency()));
        for (CamtBalance balance : report.header().balances()) {
            row(
                    text,
                    String.valueOf(balance.type()),
                    (balance.amount() == null ? "unreadable" : balance.amount().toPlainString()) + " "
                            + balance.currency() + (balance.date() == null ? "" : " on " + balance.date()));
        }
        row(
                text,
                "entries",
                report.entries() + statuses(report.status()) + ", "
                        + count(report.transactions(), "transaction", "transactions") + ", "
                        + count(report.reversals(), "reversal", "reversals"));
        row(text, "credit", sums(report.credit()));
        row(text, "debit", sums(report.debit()));
        if (report.proof().balances()) {
            row(text, "proof", "opening and booked entries make closing");
        }
        for (Finding finding : report.proof().findings()) {
            row(
                    text,
                    switch (finding.effect()) {
                        case NOTED -> "noted";
                        case ENTRY_HELD -> "not booked";
                        case REPORT_HELD -> "held";
                    },
                    finding.code() + ": " + finding.sentence());
        }
        return text.toString();
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append(System.lineSeparator())
                .append("    ")
                .append(String.format("%-12s", name))
                .append(value);
    }

    private static String statuses(Map<String, Integer> status) {
        return status.isEmpty()
                ? ""
                : status.entrySet().stream()
                        .map(entry ->
                                entry.getValue() + " " + (entry.getKey().isEmpty() ? "without status" : entry.getKey()))
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    private static String sums(Map<String, BigDecimal> sums) {
        return sums.isEmpty()
                ? "none booked"
                : sums.entrySet().stream()
                        .map(sum -> sum.getValue().toPlainString() + " " + sum.getKey())
                        .collect(Collectors.joining(", "));
    }

    private static String count(int number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
