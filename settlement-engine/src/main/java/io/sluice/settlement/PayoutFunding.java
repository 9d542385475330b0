package io.sluice.settlement;

/** Where chain payouts are paid from. */
public interface PayoutFunding {

    /** Address of the wallet that buys coins and from which the distributor takes a payout's total, lower-case hex with 0x. */
    String wallet();
}
