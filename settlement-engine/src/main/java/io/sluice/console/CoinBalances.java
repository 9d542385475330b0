package io.sluice.console;

import io.sluice.chain.ChainFailure;
import io.sluice.chain.ChainReads;
import io.sluice.chain.ChainSettings;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The coins in our wallet and at the distributor in the last final block, asked at most once in a few seconds however many people look. */
@Component
class CoinBalances {

    private static final Logger log = LoggerFactory.getLogger(CoinBalances.class);
    private static final Duration KEEP = Duration.ofSeconds(3);

    /** Units by currency (EUR, not xEUR), or why there are none. */
    record Reading(
            Map<String, BigInteger> byCurrency, @Nullable String trouble) {}

    private final ObjectProvider<ChainReads> chain;
    private final ObjectProvider<ChainSettings> settings;
    private final Clock clock;
    private Instant readAt = Instant.MIN;
    private Reading last = new Reading(Map.of(), null);

    CoinBalances(ObjectProvider<ChainReads> chain, ObjectProvider<ChainSettings> settings, Clock clock) {
        this.chain = chain;
        this.settings = settings;
        this.clock = clock;
    }

    synchronized Reading reading() {
        Instant now = clock.instant();
        if (readAt.equals(Instant.MIN) || !now.isBefore(readAt.plus(KEEP))) {
            readAt = now;
            last = read();
        }
        return last;
    }

    private static BigInteger held(ChainReads reads, String token, String holder) {
        return reads.balanceOf(token, holder, ChainReads.At.FINALIZED);
    }

    private Reading read() {
        ChainReads reads = chain.getIfAvailable();
        ChainSettings where = settings.getIfAvailable();
        if (reads == null || where == null) {
            return new Reading(Map.of(), "none");
        }
        try {
            Map<String, BigInteger> units = new TreeMap<>();
            where.tokens()
                    .forEach((currency, token) -> units.put(
                            currency, held(reads, token, reads.sender()).add(held(reads, token, where.distributor()))));
            return new Reading(units, null);
        } catch (ChainFailure e) {
            log.info("The chain could not be read for the console: {}", e.getMessage());
            return new Reading(Map.of(), "unread");
        }
    }
}
