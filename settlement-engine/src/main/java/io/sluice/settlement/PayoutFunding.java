package io.sluice.settlement;

/** Where chain payouts are paid from. */
public interface PayoutFunding {

    /** Address of the payouts contract, lower-case hex with 0x. */
    String contract();
}
