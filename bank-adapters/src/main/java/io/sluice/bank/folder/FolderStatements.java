package io.sluice.bank.folder;

import io.sluice.bank.BankFailure;
import io.sluice.bank.BankStatements;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;

/** The camt files that have arrived: statements, and reports and notifications as well, which the same reader takes. */
final class FolderStatements implements BankStatements {

    private static final int MOST_STATEMENTS = 500;
    private static final Pattern CAMT = Pattern.compile("camt\\.05[234]\\.001\\.");

    private final Arrivals arrivals;

    FolderStatements(Arrivals arrivals) {
        this.arrivals = arrivals;
    }

    /** The account stands in the file and is not looked for here; the day is that of arrival. */
    @Override
    public List<Available> after(String statementId) {
        return arrivals.after(statementId, beginning -> CAMT.matcher(beginning).find(), MOST_STATEMENTS).stream()
                .map(arrival -> new Available(
                        arrival.id(),
                        "",
                        Instant.ofEpochMilli(Long.parseLong(
                                        arrival.id().substring(0, arrival.id().indexOf('-'))))
                                .atZone(ZoneOffset.UTC)
                                .toLocalDate()))
                .toList();
    }

    @Override
    public byte[] fetch(String statementId) {
        if (!statementId.matches("[0-9]{19}-.+")) {
            throw new BankFailure("Not a statement of this folder: " + statementId);
        }
        return arrivals.read(statementId);
    }

    @Override
    public List<Balance> balances() {
        return List.of();
    }
}
