package io.sluice.collection;

import io.sluice.bank.BankEntry;
import io.sluice.bank.BankNotice;
import io.sluice.bank.UnreadableMessage;
import io.sluice.platform.Evidence;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Who sent an inflow, read from the bank's own bytes when it is asked, and kept nowhere else. */
@Component
public class Senders {

    /** Personal; never logged. */
    public record Sender(String account, @Nullable String name) {}

    private record Seen(String evidenceSha256, int line, String source, boolean webhook) {}

    private final JdbcClient db;
    private final Evidence evidence;
    private final Banks banks;

    Senders(JdbcClient db, Evidence evidence, Banks banks) {
        this.db = db;
        this.evidence = evidence;
        this.banks = banks;
    }

    /** Empty when nothing that told of the inflow names the payer's account, or its bytes were erased. */
    public Optional<Sender> of(UUID inflowId) {
        return db
                .sql("select evidence_sha256, line_no as line, source, exists (select 1 from inbox b"
                        + " where b.body_sha256 = s.evidence_sha256 and b.kind = 'WEBHOOK') as webhook"
                        + " from sighting s where inflow_id = ? and source <> 'reversal' order by seen_at, line_no")
                .param(inflowId)
                .query(Seen.class)
                .list()
                .stream()
                .map(this::entry)
                .flatMap(Optional::stream)
                .filter(entry -> entry.counterpartyAccount() != null)
                .map(entry -> new Sender(String.valueOf(entry.counterpartyAccount()), entry.counterpartyName()))
                .findFirst();
    }

    private Optional<BankEntry> entry(Seen seen) {
        try {
            return evidence.find(seen.evidenceSha256()).flatMap(body -> entry(seen, body));
        } catch (UnreadableMessage notOfThisKind) { // a list that we asked the bank for; its statement tells more
            return Optional.empty();
        }
    }

    private Optional<BankEntry> entry(Seen seen, byte[] body) {
        if (!seen.webhook()) {
            int report = seen.line() / StatementEntries.LINES_PER_REPORT;
            return at(StatementReader.entries(body, report), seen.line() % StatementEntries.LINES_PER_REPORT);
        }
        return banks.find(seen.source())
                .flatMap(bank -> at(bank.read(body), seen.line()))
                .filter(BankNotice.EntryNotice.class::isInstance)
                .map(notice -> ((BankNotice.EntryNotice) notice).entry());
    }

    private static <T> Optional<T> at(List<T> list, int place) {
        return place < list.size() ? Optional.of(list.get(place)) : Optional.empty();
    }
}
