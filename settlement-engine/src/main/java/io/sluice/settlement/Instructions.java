package io.sluice.settlement;

import io.sluice.platform.Hashes;
import io.sluice.settlement.SettlementEvent.Kind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How instructions are identified: always the same id for the same payables and series, before anything is sent. */
final class Instructions {

    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private Instructions() {}

    /**
     * Money to one payee for one or several payables of one agreement.
     *
     * @param ruleHash of the rule that divided it; null for money that no rule has divided
     * @param series how often these payables were ordered before and proved not executed
     */
    record Draft(
            Kind kind,
            String payeeId,
            String payeeHash,
            long units,
            @Nullable String ruleHash,
            int series,
            List<UUID> payables) {

        UUID instructionId() {
            return Hashes.uuid(
                    // An on-ramp order stands for the same payables as the chain order that it funds.
                    kind == Kind.ON_RAMP ? "on-ramp" : "instruction",
                    payables.stream().map(UUID::toString).sorted().collect(Collectors.joining(",")),
                    String.valueOf(series));
        }

        /** {@code SL}, the series in letters, and the id's 128 bits in base 32: 29 characters, or 30 from the 27th order on, unique for ever. */
        String endToEndId() {
            UUID id = instructionId();
            byte[] bytes = ByteBuffer.allocate(16)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array();
            StringBuilder text = new StringBuilder("SL").append(letters(series));
            int buffer = 0;
            int bits = 0;
            for (byte b : bytes) {
                buffer = (buffer << 8) | (b & 0xff);
                bits += 8;
                while (bits >= 5) {
                    bits -= 5;
                    text.append(BASE32.charAt((buffer >> bits) & 31));
                }
            }
            return text.append(BASE32.charAt((buffer << (5 - bits)) & 31)).toString();
        }

        /** A to Z, AA to ZZ, AAA. */
        private static String letters(int number) {
            char last = (char) ('A' + number % 26);
            return number < 26 ? String.valueOf(last) : letters(number / 26 - 1) + last;
        }
    }
}
