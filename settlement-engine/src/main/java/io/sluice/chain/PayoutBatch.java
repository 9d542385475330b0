package io.sluice.chain;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;

/** Payees who are paid by one transaction: a leaf of the payout tree, and what {@code executeBatch} is given. */
public record PayoutBatch(List<Entry> entries) {

    /** Entries that fit in one transaction whatever the payees' balances (CHAIN 0.4). */
    public static final int MAX_ENTRIES = 500;

    private static final int UNITS_BITS = 96;
    private static final int UNITS_DIGITS = UNITS_BITS / 4;

    public PayoutBatch {
        if (entries.isEmpty() || entries.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException("A batch has 1 to " + MAX_ENTRIES + " entries, was " + entries.size());
        }
        entries = List.copyOf(entries);
    }

    /**
     * One payee's part.
     *
     * @param units the token's smallest, above zero and under 2^96
     */
    public record Entry(String payee, BigInteger units) {

        public Entry {
            payee = Hex.address("A payee", payee);
            if (units.signum() <= 0 || units.bitLength() > UNITS_BITS) {
                throw new IllegalArgumentException("Units must be above zero and under 2^96, was " + units);
            }
        }
    }

    public BigInteger sum() {
        return entries.stream().map(Entry::units).reduce(BigInteger.ZERO, BigInteger::add);
    }

    /** 32 bytes per entry, 20 of payee and 12 of units, big-endian; 0x-hexadecimal. */
    public String packed() {
        StringBuilder packed = new StringBuilder("0x");
        for (Entry entry : entries) {
            String units = entry.units().toString(16);
            packed.append(entry.payee(), 2, entry.payee().length())
                    .append("0".repeat(UNITS_DIGITS - units.length()))
                    .append(units);
        }
        return packed.toString();
    }

    byte[] bytes() {
        return HexFormat.of().parseHex(packed().substring(2));
    }
}
