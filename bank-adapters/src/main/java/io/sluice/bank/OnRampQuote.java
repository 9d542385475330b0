package io.sluice.bank;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;

/**
 * What the bank offers for money: stablecoin units for a bank amount, until {@code expiresAt}.
 *
 * @param rate token units (whole coins) per main unit of the currency, as the bank wrote it; not always 1
 * @param tokenUnits smallest units of the token that will arrive
 */
public record OnRampQuote(
        String quoteId,
        BigDecimal amount,
        String currency,
        BigDecimal rate,
        BigInteger tokenUnits,
        Instant expiresAt) {}
