package io.sluice.chain;

import java.math.BigInteger;

/** Asks the node, at the block that the follower has seen. */
final class NodeReads implements ChainReads {

    private final Node node;
    private final Heads heads;
    private final String sender;

    NodeReads(Node node, Heads heads, String sender) {
        this.node = node;
        this.heads = heads;
        this.sender = sender;
    }

    @Override
    public Head head() {
        return heads.head();
    }

    @Override
    public BigInteger balanceOf(String token, String holder, At at) {
        return ask(token, new Erc20.BalanceOf(Hex.address("A holder", holder)), at);
    }

    @Override
    public <R> R ask(String contract, ContractQuery<R> query, At at) {
        Head head = heads.head();
        if (head.stale()) {
            throw new ChainFailure("The chain has shown no new block for " + head.age() + ": not asked");
        }
        String answer = node.call(
                Hex.address("A contract", contract),
                query.data(),
                at == At.LATEST ? Node.LATEST : Node.at(head.finalizedNumber()));
        return ContractAbi.answer(query, answer);
    }

    @Override
    public String sender() {
        return sender;
    }
}
