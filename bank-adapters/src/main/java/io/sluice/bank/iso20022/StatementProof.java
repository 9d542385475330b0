package io.sluice.bank.iso20022;

import io.sluice.bank.Direction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether a report is sound in itself: it names its account, its booked entries lead from the opening to the closing balance in every
 * currency, and nothing is said twice. Fed entry by entry, so that a large statement needs no memory; it keeps sums, and one example
 * of each kind of finding.
 *
 * <p>In a camt.053 an entry without a status counts as booked here: the message is a statement of booked entries, and the proof shows
 * whether the bank meant it so. Whether it is booked is for the {@link CamtDialect}.
 */
public final class StatementProof {

    private static final Set<String> KNOWN_STATUSES = Set.of("BOOK", "PDNG", "FUTR", "INFO");

    private final CamtMessage.Kind kind;
    private final Map<String, BigDecimal> booked = new TreeMap<>();
    private final Map<String, Repeated> repeated = new LinkedHashMap<>();
    private final Side credits = new Side();
    private final Side debits = new Side();
    private int entries;
    private int withoutSum;

    public StatementProof(CamtMessage.Kind kind) {
        this.kind = kind;
    }

    /** The proof of a report that is in memory. */
    public static Proven of(CamtReport report) {
        StatementProof proof = new StatementProof(report.header().message().kind());
        report.entries().forEach(proof::add);
        return proof.conclude(report.header());
    }

    /** Takes one entry into account. */
    public void add(CamtEntry entry) {
        entries++;
        if (entry.direction() != null) {
            (entry.direction() == Direction.CREDIT ? credits : debits).add(entry);
        }
        entry.findings().forEach(this::remember);
        String place = "Line " + entry.line() + ": entry " + entry.number();
        if (entry.statusCode().isEmpty()) {
            remember(Finding.noted("missing-status", place + ": no Sts"));
        } else if (!KNOWN_STATUSES.contains(entry.statusCode())) {
            remember(Finding.noted(
                    "unknown-status",
                    place + ": found " + IsoText.quoted(entry.statusCode()) + ", expected BOOK, PDNG, FUTR or INFO"));
        }
        checkTransactions(entry, place);
        if (entry.statusCode().equals("BOOK") || (entry.statusCode().isEmpty() && kind == CamtMessage.Kind.STATEMENT)) {
            addBooked(entry);
        }
    }

    /** What there is to know, once every entry was added. */
    public Proven conclude(CamtHeader header) {
        List<Finding> findings = new ArrayList<>(header.findings());
        repeated.values().forEach(kindOfFinding -> findings.add(kindOfFinding.finding()));
        if (header.account() == null) {
            findings.add(Finding.reportHeld("no-account", "Report " + header.id() + " names no account"));
        }
        checkDeclared(header, findings);
        checkIndicators(header, findings);
        checkDuplicates(header, findings);
        boolean balances = kind == CamtMessage.Kind.STATEMENT && checkBalances(header, findings);
        return new Proven(balances, findings);
    }

    /**
     * The outcome.
     *
     * @param balances opening + booked = closing was shown for every currency of a camt.053; false where it could not be
     */
    public record Proven(boolean balances, List<Finding> findings) {

        public Proven {
            findings = List.copyOf(findings);
        }

        /** Whether the report may be booked without a person: no finding holds it. */
        public boolean bookable() {
            return findings.stream().noneMatch(finding -> finding.effect() == Finding.Effect.REPORT_HELD);
        }
    }

    private void addBooked(CamtEntry entry) {
        BigDecimal signed = entry.signedAmount();
        if (signed == null || entry.currency() == null) {
            withoutSum++;
        } else {
            booked.merge(entry.currency(), signed, BigDecimal::add);
        }
    }

    private void checkTransactions(CamtEntry entry, String place) {
        if (entry.amountsComparable() && !entry.sumsToEntry()) {
            remember(Finding.noted(
                    "sum-mismatch",
                    place + ": its transactions sum to "
                            + entry.transactionSum().toPlainString() + ", the entry is "
                            + plain(entry.signedAmount())));
        }
        String declared = entry.declaredTransactions();
        int found = entry.transactions().size();
        // One TxDtls for a batch of many is a summary, not a list that lacks some.
        if (declared != null && found > 1 && !declared.equals(Integer.toString(found))) {
            remember(Finding.noted(
                    "count-mismatch",
                    place + ": found " + found + " transactions, the bank announces " + IsoText.quoted(declared)));
        }
    }

    private void checkDeclared(CamtHeader header, List<Finding> findings) {
        DeclaredTotals declared = header.declared();
        checkCount(header, "entries", declared.entries(), entries, findings);
        checkCount(header, "credits", declared.creditEntries(), credits.count, findings);
        checkCount(header, "debits", declared.debitEntries(), debits.count, findings);
        checkSum(header, "credits", declared.creditSum(), credits, findings);
        checkSum(header, "debits", declared.debitSum(), debits, findings);
    }

    private static void checkCount(
            CamtHeader header, String what, @Nullable String declared, int found, List<Finding> findings) {
        if (declared != null && !declared.equals(Integer.toString(found))) {
            findings.add(Finding.noted(
                    "count-mismatch",
                    "Report " + header.id() + ": found " + found + " " + what + ", the bank announces "
                            + IsoText.quoted(declared)));
        }
    }

    /** A sum without a currency can be compared only when all entries are in one. */
    private static void checkSum(
            CamtHeader header, String what, @Nullable String declared, Side found, List<Finding> findings) {
        if (declared == null || found.sums.size() > 1) {
            return;
        }
        BigDecimal announced = IsoText.amount(declared);
        BigDecimal sum = found.sums.values().stream().findFirst().orElse(BigDecimal.ZERO);
        if (announced == null || announced.compareTo(sum) != 0) {
            findings.add(Finding.noted(
                    "sum-mismatch",
                    "Report " + header.id() + ": found " + what + " of " + plain(sum) + ", the bank announces "
                            + IsoText.quoted(declared)));
        }
    }

    private static void checkIndicators(CamtHeader header, List<Finding> findings) {
        long missing = header.balances().stream()
                .filter(balance -> balance.indicator() == null)
                .count();
        if (missing > 0) {
            findings.add(Finding.noted(
                    "missing-balance-indicator",
                    "Report " + header.id() + ": " + missing + " of "
                            + header.balances().size() + " balances have no CdtDbtInd and are read as credits"));
        }
    }

    private static void checkDuplicates(CamtHeader header, List<Finding> findings) {
        Set<String> seen = new HashSet<>();
        for (CamtBalance balance : header.balances()) {
            if ((balance.opens() || balance.closes()) && !seen.add(balance.type() + " " + balance.currency())) {
                findings.add(Finding.reportHeld(
                        "duplicate-balance",
                        "Report " + header.id() + " has balance " + balance.type() + " in " + balance.currency()
                                + " more than once"));
            }
        }
    }

    private boolean checkBalances(CamtHeader header, List<Finding> findings) {
        Set<String> currencies = new HashSet<>(booked.keySet());
        header.balances().stream()
                .filter(balance -> balance.opens() || balance.closes())
                .map(CamtBalance::currency)
                .forEach(currency -> {
                    if (currency != null) {
                        currencies.add(currency);
                    }
                });
        boolean shown = !currencies.isEmpty() && withoutSum == 0;
        for (String currency : currencies.stream().sorted().toList()) {
            Optional<BigDecimal> opening = header.opening(currency).map(CamtBalance::amount);
            Optional<BigDecimal> closing = header.closing(currency).map(CamtBalance::amount);
            if (opening.isEmpty() || closing.isEmpty()) {
                shown = false;
                findings.add(Finding.reportHeld(
                        "missing-balance",
                        "Report " + header.id() + ": no " + (opening.isEmpty() ? "opening" : "closing")
                                + " booked balance in " + currency));
                continue;
            }
            BigDecimal sum = booked.getOrDefault(currency, BigDecimal.ZERO);
            BigDecimal expected = opening.get().add(sum);
            if (expected.compareTo(closing.get()) != 0) {
                shown = false;
                findings.add(Finding.reportHeld(
                        "balance-proof",
                        "Report " + header.id() + ": opening " + plain(opening.get()) + " and booked " + plain(sum)
                                + " make " + plain(expected) + " " + currency + ", the closing balance is "
                                + plain(closing.get())));
            }
        }
        return shown;
    }

    private void remember(Finding finding) {
        repeated.merge(
                finding.code(), new Repeated(finding, 1), (known, added) -> new Repeated(known.first, known.count + 1));
    }

    private static String plain(@Nullable BigDecimal amount) {
        return amount == null ? "unknown" : amount.toPlainString();
    }

    /** All entries of one direction, whatever their status. */
    private static final class Side {

        private final Map<String, BigDecimal> sums = new TreeMap<>();
        private int count;

        void add(CamtEntry entry) {
            count++;
            if (entry.amount() != null && entry.currency() != null) {
                sums.merge(entry.currency(), entry.amount(), BigDecimal::add);
            }
        }
    }

    /** A kind of finding with its first example. */
    private record Repeated(Finding first, int count) {

        Finding finding() {
            return count == 1
                    ? first
                    : new Finding(
                            first.code(),
                            first.effect(),
                            first.sentence() + "; " + (count - 1) + " more entries likewise");
        }
    }
}
