package io.sluice.chain;

import java.math.BigInteger;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Utf8String;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.crypto.Hash;

/** The payouts contract's calls, as bytes. */
public final class PayoutsContract {

    /** Entries that fit in one transaction whatever the payees' balances (CHAIN 0.4). */
    public static final int MAX_ENTRIES = 500;

    private static final int ENTRY_BYTES = 32;
    private static final int ADDRESS_BYTES = 20;
    private static final int UNITS_BITS = 96;

    private PayoutsContract() {}

    /**
     * One payee's part of a batch.
     *
     * @param units the token's smallest, above zero and under 2^96
     */
    public record Entry(String payee, BigInteger units) {

        public Entry {
            payee = Hex.address("A payee", payee);
            if (units.signum() <= 0 || units.bitLength() > UNITS_BITS) {
                throw new IllegalArgumentException("Units must be above zero and under 2^96, was " + units);
            }
        }
    }

    /**
     * The name of an order on chain: {@code keccak256(abi.encode("sluice/order", chainId, contract, order))}, so that a name never means
     * two orders, whatever the chain or contract.
     */
    public static String orderId(long chainId, String contract, String order) {
        String encoded = FunctionEncoder.encodeConstructor(List.of(
                new Utf8String("sluice/order"),
                new Uint256(chainId),
                new Address(Hex.address("A contract", contract)),
                new Utf8String(order)));
        return Hash.sha3("0x" + encoded);
    }

    /** The call that pays the entries once under (orderId, index). */
    public static String payBatch(String orderId, BigInteger index, String token, List<Entry> entries) {
        if (entries.isEmpty() || entries.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException("A batch has 1 to " + MAX_ENTRIES + " entries, was " + entries.size());
        }
        return FunctionEncoder.encode(new Function(
                "payBatch",
                List.of(
                        new Bytes32(Hex.bytes(Hex.bytes32("An order id", orderId))),
                        new Uint256(index),
                        new Address(Hex.address("A token", token)),
                        new DynamicBytes(packed(entries))),
                List.of()));
    }

    private static byte[] packed(List<Entry> entries) {
        byte[] packed = new byte[entries.size() * ENTRY_BYTES];
        int at = 0;
        for (Entry entry : entries) {
            System.arraycopy(Hex.bytes(entry.payee()), 0, packed, at, ADDRESS_BYTES);
            byte[] units = entry.units().toByteArray(); // with a leading zero byte when the top bit is set
            int from = Math.max(0, units.length - (ENTRY_BYTES - ADDRESS_BYTES));
            System.arraycopy(units, from, packed, at + ENTRY_BYTES - (units.length - from), units.length - from);
            at += ENTRY_BYTES;
        }
        return packed;
    }
}
