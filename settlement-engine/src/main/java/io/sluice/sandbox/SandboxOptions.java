package io.sluice.sandbox;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How large the outside world is, and where it lives.
 *
 * @param dir the data folder
 * @param operator address of the engine's chain operator, for whom the contracts are deployed; none: no contracts
 * @param seed names the world; kept with the books, so that only the first start of a folder decides
 * @param holders how many people hold royalty tokens
 * @param merchantsScale per cent of the usual number of sales
 * @param daySeconds wall seconds that a business day takes in live play
 * @param populate whether the invented merchants have their accounts at the bank
 * @param flawless whether the bank neither returns, repeats nor delays anything by chance: for tests that order such things themselves
 */
public record SandboxOptions(
        Path dir,
        @Nullable String operator,
        long seed,
        int holders,
        int merchantsScale,
        int daySeconds,
        boolean populate,
        boolean flawless) {

    public static final long USUAL_SEED = 20261123;

    public SandboxOptions {
        if (holders < 1 || holders > 100_000) {
            throw new IllegalArgumentException("--holders must be between 1 and 100000, was " + holders);
        }
        if (merchantsScale < 1 || merchantsScale > 10_000) {
            throw new IllegalArgumentException(
                    "--merchants-scale must be between 1 and 10000 per cent, was " + merchantsScale);
        }
        if (daySeconds < 5 || daySeconds > 86_400) {
            throw new IllegalArgumentException("--day-seconds must be between 5 and 86400, was " + daySeconds);
        }
    }

    /** An empty world for a test: no merchants, no contracts, no chance. */
    public static SandboxOptions empty(Path dir) {
        return new SandboxOptions(dir, null, USUAL_SEED, 1, 100, 60, false, true);
    }

    /** The same with the contracts for that operator. */
    public SandboxOptions withOperator(String address) {
        return new SandboxOptions(dir, address, seed, holders, merchantsScale, daySeconds, populate, flawless);
    }
}
