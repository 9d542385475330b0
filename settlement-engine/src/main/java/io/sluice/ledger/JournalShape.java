package io.sluice.ledger;

import io.sluice.ledger.JournalEntry.Posting;
import io.sluice.platform.Hashes;
import java.util.List;
import java.util.UUID;

/** What entries of one kind have in common: all of their postings but the units, line by line. */
record JournalShape(List<String> accounts, List<String> agreements, List<String> currencies) {

    /** No text of PostgreSQL holds it. */
    private static final char END = '\0';

    static JournalShape of(List<Posting> postings) {
        int lines = postings.size();
        String[] accounts = new String[lines];
        String[] agreements = new String[lines];
        String[] currencies = new String[lines];
        for (int line = 0; line < lines; line++) {
            Posting posting = postings.get(line);
            accounts[line] = posting.account();
            agreements[line] = posting.agreement();
            currencies[line] = posting.currency();
        }
        return new JournalShape(List.of(accounts), List.of(agreements), List.of(currencies));
    }

    /** Its own, always: as {@code journal_shape_id} of the database computes it. */
    UUID id() {
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < accounts.size(); line++) {
            text.append(accounts.get(line)).append(END);
            text.append(agreements.get(line)).append(END);
            text.append(currencies.get(line)).append(END);
        }
        return Hashes.sha256Uuid(text.toString());
    }
}
