package io.sluice.sandbox;

/**
 * How well the bank behaves. Chances are in ten-thousandths and come from the seed.
 *
 * @param returns of the transfers to accounts elsewhere, how many come back 1 to 3 business days later
 * @param duplicates of the webhooks, how many are delivered twice
 * @param delayed of the webhooks, how many come late and so out of order
 * @param returnCharge what the bank charges for each return, in minor units; 0 for nothing
 * @param transferUpdates whether it also tells by webhook when a transfer is settled (ACSC), which is a hint only
 */
record BankTerms(int returns, int duplicates, int delayed, long returnCharge, boolean transferUpdates) {

    static final BankTerms USUAL = new BankTerms(20, 300, 200, 0, false);

    static final BankTerms FLAWLESS = new BankTerms(0, 0, 0, 0, false);
}
