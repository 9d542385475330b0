package io.sluice.bank.iso20022;

import io.sluice.bank.Direction;
import io.sluice.bank.UnreadableMessage;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a camt file holds, in numbers: for people and programs that want to see what we read, whether we would book it or not.
 *
 * <p>The JSON form has one line per file: {@code file}, {@code message}, {@code reports}; each report with {@code id}, {@code account},
 * {@code currency}, {@code balances}, the counts {@code entries}, {@code transactions}, {@code reversals} and {@code status}, and the
 * sums {@code credit} and {@code debit} of the entries with status BOOK, per currency. Amounts are text. {@code findings} is there when
 * there are any. A refused file has {@code file}, {@code error} (a sentence) and {@code reason} (a code).
 */
public sealed interface CamtSummary {

    String file();

    ObjectNode json();

    /** One line, without its end. */
    default String line() {
        return Json.MAPPER.writeValueAsString(json());
    }

    /** Reads the stream to its end in constant memory; a refusal is an answer, not an exception. */
    static CamtSummary of(String file, InputStream bytes) {
        Gathering gathering = new Gathering();
        try {
            CamtMessage message = new CamtReader().read(bytes, gathering);
            return new Read(file, message.name(), gathering.reports);
        } catch (UnreadableMessage e) {
            return new Refused(file, String.valueOf(e.getMessage()), e.reason());
        }
    }

    /** The file could not be opened. */
    static CamtSummary unopened(String file, String why) {
        return new Refused(file, "The file could not be opened: " + why, "not-readable");
    }

    /** The file could be read. */
    record Read(String file, String message, List<Report> reports) implements CamtSummary {

        public Read {
            reports = List.copyOf(reports);
        }

        @Override
        public ObjectNode json() {
            ObjectNode json = Json.object().put("file", file).put("message", message);
            var list = json.putArray("reports");
            reports.forEach(report -> list.add(report.json()));
            // Beside the reports, never in them: their shape is an independent reader's.
            var findings = JsonNodeFactory.instance.arrayNode();
            for (int number = 0; number < reports.size(); number++) {
                for (Finding finding : reports.get(number).proof().findings()) {
                    findings.addObject()
                            .put("report", number)
                            .put("code", finding.code())
                            .put("effect", finding.effect().name())
                            .put("sentence", finding.sentence());
                }
            }
            if (!findings.isEmpty()) {
                json.set("findings", findings);
            }
            return json;
        }
    }

    /** The file was refused as a whole. */
    record Refused(String file, String error, String reason) implements CamtSummary {

        @Override
        public ObjectNode json() {
            return Json.object().put("file", file).put("error", error).put("reason", reason);
        }
    }

    /**
     * One Stmt, Rpt or Ntfctn.
     *
     * @param status number of entries by status code; "" for those without
     * @param credit sum of booked credits by currency
     * @param debit sum of booked debits by currency, unsigned
     */
    record Report(
            CamtHeader header,
            int entries,
            int transactions,
            int reversals,
            Map<String, Integer> status,
            Map<String, BigDecimal> credit,
            Map<String, BigDecimal> debit,
            StatementProof.Proven proof) {

        ObjectNode json() {
            ObjectNode json = Json.object()
                    .put("id", header.id())
                    .put("account", header.account())
                    .put("currency", header.currency());
            var balances = json.putArray("balances");
            for (CamtBalance balance : header.balances()) {
                balances.addObject()
                        .put("type", balance.type())
                        .put("amount", text(balance.amount()))
                        .put("currency", balance.currency());
            }
            json.put("entries", entries).put("transactions", transactions).put("reversals", reversals);
            ObjectNode counts = json.putObject("status");
            status.forEach(counts::put);
            sums(json.putObject("credit"), credit);
            sums(json.putObject("debit"), debit);
            return json;
        }

        private static void sums(ObjectNode json, Map<String, BigDecimal> sums) {
            sums.forEach((currency, sum) -> json.put(currency, text(sum)));
        }

        private static @Nullable String text(@Nullable BigDecimal amount) {
            return amount == null ? null : amount.toPlainString();
        }
    }

    /** Counts while the reader passes. */
    final class Gathering implements CamtHandler {

        private final List<Report> reports = new ArrayList<>();
        private Map<String, Integer> status = new TreeMap<>();
        private Map<String, BigDecimal> credit = new TreeMap<>();
        private Map<String, BigDecimal> debit = new TreeMap<>();
        private @Nullable StatementProof proof;
        private int entries;
        private int transactions;
        private int reversals;

        private Gathering() {}

        @Override
        public void startReport(CamtHeader header) {
            status = new TreeMap<>();
            credit = new TreeMap<>();
            debit = new TreeMap<>();
            proof = new StatementProof(header.message().kind());
            entries = 0;
            transactions = 0;
            reversals = 0;
        }

        @Override
        public void entry(CamtHeader header, CamtEntry entry) {
            entries++;
            transactions += entry.transactions().size();
            reversals += entry.reversal() ? 1 : 0;
            status.merge(entry.statusCode(), 1, Integer::sum);
            if (proof != null) {
                proof.add(entry);
            }
            if (entry.statusCode().equals("BOOK")
                    && entry.amount() != null
                    && entry.currency() != null
                    && entry.direction() != null) {
                (entry.direction() == Direction.CREDIT ? credit : debit)
                        .merge(entry.currency(), entry.amount(), BigDecimal::add);
            }
        }

        @Override
        public void endReport(CamtHeader header) {
            if (proof == null) {
                throw new IllegalStateException("A report ended that had not begun");
            }
            reports.add(new Report(
                    header, entries, transactions, reversals, status, credit, debit, proof.conclude(header)));
        }
    }

    /** Jackson, as far as it is needed. */
    final class Json {

        private static final JsonMapper MAPPER = JsonMapper.builder()
                // A terminal's encoding must not change what was read.
                .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .build();

        private Json() {}

        private static ObjectNode object() {
            return JsonNodeFactory.instance.objectNode();
        }
    }
}
