package io.sluice.ledger;

import java.math.BigInteger;

/**
 * One line of a journal entry: debits are positive, credits negative.
 *
 * @param agreement {@link Lines#NO_AGREEMENT} for money that belongs to no agreement yet
 */
record Posting(String account, String agreement, BigInteger units, String currency) {}
