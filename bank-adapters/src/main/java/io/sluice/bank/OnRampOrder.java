package io.sluice.bank;

import java.math.BigDecimal;

/**
 * Buy stablecoin with bank money.
 *
 * @param endToEndId ours; stands on the statement's debit
 * @param destination address that receives the coins, lower-case hex with 0x
 */
public record OnRampOrder(
        String idempotencyKey,
        String quoteId,
        String debtorAccount,
        String currency,
        BigDecimal amount,
        String destination,
        String endToEndId) {}
