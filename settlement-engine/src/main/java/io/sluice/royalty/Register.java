package io.sluice.royalty;

import io.sluice.platform.Hashes;
import io.sluice.platform.Rejection;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who holds how much of a royalty token, at one point. Known by the SHA-256 of its canonical bytes: a line of holder id, a space and the
 * units for each holder, in order of the id's bytes.
 */
record Register(SortedMap<String, BigInteger> units) {

    Register {
        units = new TreeMap<>(units);
        units.forEach((holder, held) -> {
            if (!holder.matches("[A-Za-z0-9._-]{1,64}") || held.signum() <= 0) {
                throw new Rejection(
                        "holding-invalid",
                        "A holding has an id of A-Z a-z 0-9 . _ - and more than zero units, was " + holder + " with "
                                + held);
            }
        });
        if (units.isEmpty()) {
            throw new Rejection("holding-invalid", "A register has at least one holder");
        }
    }

    static Register parse(byte[] content) {
        SortedMap<String, BigInteger> units = new TreeMap<>();
        new String(content, StandardCharsets.US_ASCII).lines().forEach(line -> {
            int space = line.indexOf(' ');
            units.put(line.substring(0, space), new BigInteger(line.substring(space + 1)));
        });
        return new Register(units);
    }

    byte[] content() {
        StringBuilder text = new StringBuilder();
        units.forEach(
                (holder, held) -> text.append(holder).append(' ').append(held).append('\n'));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    String hash() {
        return Hashes.sha256(content());
    }

    BigInteger total() {
        return units.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
    }
}
