package io.sluice.ledger;

import io.sluice.platform.Hashes;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    int lines() {
        return accounts.size();
    }

    /** Its own, always: as {@code journal_shape_id} of the database computes it. */
    UUID id() {
        List<String> texts = new ArrayList<>(3 * lines());
        for (int line = 0; line < lines(); line++) {
            texts.add(accounts.get(line));
            texts.add(agreements.get(line));
            texts.add(currencies.get(line));
        }
        return Hashes.sha256Uuid(texts);
    }

    /** Throws unless these units, one for each line, sum to zero in each currency. */
    void requireBalance(LineUnits units, String sourceEvent) {
        boolean balances = units.lines() == lines();
        for (int first = 0; balances && first < lines(); first++) {
            String currency = currencies.get(first);
            if (currencies.indexOf(currency) == first) { // of which there is mostly one
                UnitSum sum = new UnitSum();
                for (int line = first; line < lines(); line++) {
                    if (currencies.get(line).equals(currency)) {
                        units.addTo(sum, line);
                    }
                }
                balances = sum.total().signum() == 0;
            }
        }
        if (!balances) {
            Map<String, BigInteger> sums = new TreeMap<>();
            for (int line = 0; line < Math.min(lines(), units.lines()); line++) {
                sums.merge(currencies.get(line), units.exact().get(line), BigInteger::add);
            }
            throw new IllegalStateException("A journal entry does not balance: " + sums + " in " + units.lines()
                    + " of " + lines() + " lines, from event " + sourceEvent);
        }
    }
}
