package io.sluice.collection;

import io.sluice.bank.BankEntry;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.iso20022.CamtEntry;
import io.sluice.bank.iso20022.CamtFile;
import io.sluice.bank.iso20022.CamtMessage;
import io.sluice.bank.iso20022.CamtReader;
import io.sluice.bank.iso20022.CamtReport;
import io.sluice.bank.iso20022.Finding;
import io.sluice.money.Money;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the engine would make of a camt file, entry by entry, and why: by the rules that book, on books that know nothing yet. What they
 * do know, such as a credit that a webhook told before, is recognised by its references and not booked again.
 *
 * @param problem why nothing of the file would be booked: all of a file is, or nothing; null when it would be
 */
record CamtExplanation(
        String file,
        @Nullable String message,
        List<Report> reports,
        @Nullable String problem) {

    /** @param statement what would be recorded of the report itself, were the file booked */
    record Report(@Nullable String id, @Nullable String account, String statement, List<Line> lines) {

        Report {
            lines = List.copyOf(lines);
        }
    }

    /**
     * One entry.
     *
     * @param books as which kind of inflow; null when it is none
     * @param direction null, as the amount is, when the entry holds up its file
     */
    record Line(
            int number,
            int line,
            @Nullable InflowKind books,
            @Nullable Direction direction,
            @Nullable Money amount,
            String what,
            String why) {

        static Line held(CamtEntry entry, String why) {
            return new Line(entry.number(), entry.line(), null, null, null, "held", why);
        }

        static Line of(CamtEntry entry, Sighting sighting, @Nullable InflowKind books, String why) {
            Direction direction = sighting.entry().direction();
            Money amount = Money.of(sighting.units(), sighting.entry().currency());
            String what = (direction == Direction.CREDIT ? "credit " : "debit ") + amount;
            return new Line(entry.number(), entry.line(), books, direction, amount, what, why);
        }
    }

    CamtExplanation {
        reports = List.copyOf(reports);
    }

    boolean books() {
        return problem == null;
    }

    /** @param kind of the accounts that the file is about, which it does not tell */
    static CamtExplanation of(String file, byte[] bytes, AccountKind kind) {
        return of(file, bytes, account -> kind);
    }

    /** @param kinds of the account of this name, which may be null */
    static CamtExplanation of(String file, byte[] bytes, Function<@Nullable String, AccountKind> kinds) {
        CamtFile read;
        try {
            read = new CamtReader().read(bytes);
        } catch (UnreadableMessage e) {
            return new CamtExplanation(file, null, List.of(), reason(e));
        }
        List<Report> reports = new ArrayList<>();
        String problem = null;
        for (CamtReport report : read.reports()) {
            Explaining explaining =
                    new Explaining(report, kinds.apply(report.header().account()));
            reports.add(explaining.report());
            problem = problem == null ? explaining.problem : problem;
        }
        return new CamtExplanation(file, read.message().name(), reports, problem);
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("file", file)
                .put("message", message)
                .put("books", books())
                .put("problem", problem);
        var list = json.putArray("reports");
        for (Report report : reports) {
            ObjectNode one = list.addObject()
                    .put("id", report.id())
                    .put("account", report.account())
                    .put("statement", books() ? report.statement() : null);
            var lines = one.putArray("entries");
            for (Line line : report.lines()) {
                lines.addObject()
                        .put("number", line.number())
                        .put("line", line.line())
                        .put("books", line.books() == null ? null : line.books().name())
                        .put("what", line.what())
                        .put("why", line.why());
            }
        }
        return json;
    }

    private static String reason(UnreadableMessage e) {
        return e.reason() + ": " + e.getMessage();
    }

    /** Goes through one report and remembers what first keeps the file from being booked. */
    private static final class Explaining {

        private final CamtReport report;
        private final AccountKind kind;
        private @Nullable String problem;

        Explaining(CamtReport report, AccountKind kind) {
            this.report = report;
            this.kind = kind;
        }

        Report report() {
            for (Finding finding : report.findings()) {
                if (finding.effect() == Finding.Effect.REPORT_HELD) {
                    hold(finding.code() + ": " + finding.sentence());
                }
            }
            List<Line> lines = report.entries().stream().map(this::line).toList();
            return new Report(report.header().id(), report.header().account(), statement(), lines);
        }

        private void hold(String why) {
            problem = problem == null ? why : problem;
        }

        private String statement() {
            if (report.header().message().kind() != CamtMessage.Kind.STATEMENT) {
                return "no daily statement: nothing is compared with it";
            }
            String currency = report.header().currency();
            return report.header().closingDay().isPresent()
                            && currency != null
                            && report.header().closing(currency).isPresent()
                    ? "recorded, and compared with our payments and inflows of "
                            + report.header().closingDay().get()
                    : "not recorded: it has no closing balance with a day in the account's currency";
        }

        private Line line(CamtEntry entry) {
            try {
                BankEntry read = entry.toBankEntry(report.header(), StatementReader.DIALECT);
                String held = report.header().currency();
                if (held != null && !held.equals(read.currency())) {
                    throw new UnreadableMessage(
                            "currency-differs",
                            "Entry " + entry.number() + " is in " + read.currency() + ", the account holds " + held);
                }
                return explain(
                        entry,
                        Sighting.of(
                                read,
                                entry.number(),
                                "file",
                                "",
                                report.header().closingDay().orElse(null),
                                report.header().message().kind() == CamtMessage.Kind.STATEMENT));
            } catch (UnreadableMessage e) {
                hold(reason(e));
                return Line.held(entry, reason(e));
            } catch (IllegalArgumentException e) {
                String why = "precision: Entry " + entry.number() + ": " + e.getMessage();
                hold(why);
                return Line.held(entry, why);
            }
        }

        private Line explain(CamtEntry entry, Sighting sighting) {
            BankEntry read = sighting.entry();
            if (read.status() != EntryStatus.BOOKED) {
                return Line.of(entry, sighting, null, "its status is " + read.status() + ": no money yet");
            }
            if (sighting.units() == 0) {
                return Line.of(entry, sighting, null, "it moves nothing");
            }
            if (read.direction() == Direction.DEBIT) {
                String why = OurReferences.isOurs(read.endToEndId())
                        ? "a debit with a reference of ours: matched with the payment that we ordered"
                        : "a debit that carries no reference of ours: unless an order of ours explains it, it freezes"
                                + " releases from the account";
                return Line.of(entry, sighting, null, why);
            }
            InflowKind books = Classification.of(
                            read, kind, read.returnReason() != null || read.reversal(), 0, List.of())
                    .kind();
            LocalDate valueDate = sighting.valueDate(LocalDate.EPOCH);
            String dated = valueDate.equals(LocalDate.EPOCH)
                    ? "value date of the day that it is taken in"
                    : "value date " + valueDate + " ("
                            + sighting.valueDateSource().toLowerCase(java.util.Locale.ROOT) + " date)";
            return Line.of(
                    entry, sighting, books, because(books, read) + "; " + dated + "; known by " + known(sighting));
        }

        private String because(InflowKind books, BankEntry read) {
            return switch (books) {
                case SALE -> "a store's proceeds: a credit on a collection account, to be routed";
                case RETURN -> "a payout of ours that came back (" + read.returnReason() + ")";
                case OWN_TRANSFER -> "our own transfer arriving";
                case UNKNOWN, REFUND, FUNDING, BANK_FEE, INTEREST, FX_LEG, SUBSCRIPTION ->
                    read.reversal()
                            ? "a reversal without a reference of ours: kept in suspense"
                            : "nobody expects it on a " + kind.name().toLowerCase(java.util.Locale.ROOT)
                                    + " account: kept in suspense";
            };
        }

        private static String known(Sighting sighting) {
            List<String> references = new ArrayList<>();
            if (sighting.key(InflowIdentity.Kind.MOVEMENT) != null) {
                references.add("the bank's movement id");
            }
            if (sighting.key(InflowIdentity.Kind.SERVICER) != null) {
                references.add("the servicer's reference");
            }
            if (sighting.key(InflowIdentity.Kind.END_TO_END) != null) {
                references.add("the payer's end-to-end reference");
            }
            return references.isEmpty() ? "its looks alone: date, payer and text" : String.join(", ", references);
        }
    }
}
