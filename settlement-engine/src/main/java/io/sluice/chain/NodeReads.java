package io.sluice.chain;

import java.math.BigInteger;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;

/** Asks the node, at the block that the follower has seen. */
final class NodeReads implements ChainReads {

    private static final int WORD = 66;

    private final Node node;
    private final Heads heads;
    private final String payouts;
    private final String sender;

    NodeReads(Node node, Heads heads, String payouts, String sender) {
        this.node = node;
        this.heads = heads;
        this.payouts = payouts;
        this.sender = sender;
    }

    @Override
    public Head head() {
        return heads.head();
    }

    @Override
    public BigInteger balanceOf(String token, String holder, At at) {
        return number(Hex.address("A token", token), at, "balanceOf", new Address(Hex.address("A holder", holder)));
    }

    @Override
    public BigInteger totalOwed(String token, At at) {
        return number(payouts, at, "totalOwed", new Address(Hex.address("A token", token)));
    }

    @Override
    public boolean isPaid(String orderId, BigInteger index, At at) {
        Bytes32 id = new Bytes32(Hex.bytes(Hex.bytes32("An order id", orderId)));
        return number(payouts, at, "isPaid", id, new Uint256(index)).signum() != 0;
    }

    @Override
    public <R> R ask(String contract, ContractQuery<R> query, At at) {
        return ContractAbi.answer(query, answer(Hex.address("A contract", contract), at, query.data()));
    }

    @Override
    public String sender() {
        return sender;
    }

    private BigInteger number(String contract, At at, String name, Type<?>... arguments) {
        String answer = answer(contract, at, FunctionEncoder.encode(new Function(name, List.of(arguments), List.of())));
        if (answer.length() != WORD) {
            throw new ChainFailure(name + " at " + contract + " answered " + answer + ", expected 32 bytes");
        }
        return new BigInteger(answer.substring(2), 16);
    }

    private String answer(String contract, At at, String data) {
        Head head = heads.head();
        if (head.stale()) {
            throw new ChainFailure("The chain has shown no new block for " + head.age() + ": not asked");
        }
        return node.call(contract, data, at == At.LATEST ? Node.LATEST : Node.at(head.finalizedNumber()));
    }
}
