package io.sluice.ledger;

import io.sluice.ledger.JournalEntry.Posting;
import io.sluice.platform.Hashes;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What entries of one kind have in common: all of their postings but the units, line by line. */
record JournalShape(List<String> accounts, List<String> agreements, List<String> currencies) {

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
        List<String> texts = new ArrayList<>(3 * accounts.size());
        for (int line = 0; line < accounts.size(); line++) {
            texts.add(accounts.get(line));
            texts.add(agreements.get(line));
            texts.add(currencies.get(line));
        }
        return Hashes.sha256Uuid(texts);
    }
}
