package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What it means that a version's inflows should have been divided by another version's terms: what three people see and stand behind. Units
 * are minor units of the agreement's currency.
 *
 * @param replacedHash the version that was wrong
 * @param byHash the later version that says what was meant
 * @param inflows that the wrong version has divided
 * @param differences by claim; they sum to zero
 */
public record Restatement(
        String agreementId,
        String currency,
        String replacedHash,
        int replacedVersion,
        String byHash,
        int byVersion,
        String reason,
        long inflows,
        List<Difference> differences,
        ClaimsChange change) {

    public Restatement {
        differences = List.copyOf(differences);
    }

    /**
     * @param account whose reserve or trap it is; null where the claim is the whole agreement's
     * @param nets whether the next inflows settle the difference; otherwise the claim takes nothing any more, and it is left to people
     */
    public record Difference(
            String claim,
            Destination destination,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String payee,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String account,

            BigInteger given,
            BigInteger intended,
            boolean nets) {

        public BigInteger difference() {
            return intended.subtract(given);
        }
    }
}
