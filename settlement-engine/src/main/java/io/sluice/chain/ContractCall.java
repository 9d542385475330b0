package io.sluice.chain;

/**
 * A call to one of our contracts. A record of this kind, nested in the interface that is named as the contract, is named as the
 * function and has its parameters, in order and by name; {@link ContractAbi} refuses any that is not.
 */
public interface ContractCall {

    /** The call as bytes, 0x-hexadecimal; throws {@link IllegalArgumentException} for a value that its parameter does not hold. */
    default String data() {
        return ContractAbi.call(this);
    }
}
