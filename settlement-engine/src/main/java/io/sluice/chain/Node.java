package io.sluice.chain;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.request.EthFilter;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthBlock;
import org.web3j.protocol.core.methods.response.EthLog;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.protocol.http.HttpService;

/**
 * The node's JSON-RPC, in our words. Throws {@link ChainFailure} when it cannot be reached and {@link NodeRefusal} when it says no;
 * repeats nothing by itself.
 */
final class Node implements AutoCloseable {

    static final DefaultBlockParameter LATEST = DefaultBlockParameterName.LATEST;

    /** A block as we follow it. */
    record Block(long number, String hash, String parentHash, Instant time, BigInteger baseFee) {}

    /** What a block did with a transaction. */
    record Receipt(String transactionHash, boolean succeeded, long blockNumber, String blockHash, List<Log> logs) {}

    private final URI url;
    private final Web3j web3;

    Node(URI url, Duration callTimeout) {
        this.url = url;
        OkHttpClient http = new OkHttpClient.Builder()
                .callTimeout(callTimeout)
                .connectTimeout(callTimeout)
                .readTimeout(callTimeout)
                .retryOnConnectionFailure(false)
                .build();
        this.web3 = Web3j.build(new HttpService(url.toString(), http));
    }

    long chainId() {
        return ask(web3.ethChainId()).getChainId().longValueExact();
    }

    boolean hasCode(String address) {
        return code(address, LATEST).length() > 2;
    }

    /** The code at an address, 0x-hexadecimal; {@code 0x} where there is none. */
    String code(String address, DefaultBlockParameter at) {
        return ask(web3.ethGetCode(address, at)).getCode();
    }

    /** What an address holds, in wei. */
    BigInteger wei(String address) {
        return ask(web3.ethGetBalance(address, LATEST)).getBalance();
    }

    Block latest() {
        return block(LATEST).orElseThrow(() -> new ChainFailure(url + " has no latest block"));
    }

    /** Empty when there is no such block, or not any more. */
    Optional<Block> block(long number) {
        return block(at(number));
    }

    /** The newest block that will not be replaced; empty when the node does not know the notion. */
    Optional<Block> finalized() {
        try {
            return block(DefaultBlockParameterName.FINALIZED);
        } catch (NodeRefusal unknownTag) {
            return Optional.empty();
        }
    }

    Optional<Receipt> receipt(String transactionHash) {
        return ask(web3.ethGetTransactionReceipt(transactionHash))
                .getTransactionReceipt()
                .filter(receipt -> receipt.getBlockHash() != null)
                .map(Node::receipt);
    }

    boolean knows(String transactionHash) {
        return ask(web3.ethGetTransactionByHash(transactionHash))
                .getTransaction()
                .isPresent();
    }

    /** How many transactions of the sender are in blocks. */
    long nonceOf(String sender) {
        return ask(web3.ethGetTransactionCount(sender, LATEST))
                .getTransactionCount()
                .longValueExact();
    }

    long estimateGas(String from, String to, String data) {
        Transaction call = Transaction.createEthCallTransaction(from, to, data);
        return ask(web3.ethEstimateGas(call)).getAmountUsed().longValueExact();
    }

    /** Gas that putting a contract in place takes. */
    long estimateCreation(String from, String code) {
        Transaction creation = Transaction.createContractTransaction(from, null, null, code);
        return ask(web3.ethEstimateGas(creation)).getAmountUsed().longValueExact();
    }

    void send(String raw) {
        ask(web3.ethSendRawTransaction(raw));
    }

    /** The answer of a call that changes nothing, 0x-hexadecimal. */
    String call(String to, String data, DefaultBlockParameter at) {
        return ask(web3.ethCall(Transaction.createEthCallTransaction(null, to, data), at))
                .getValue();
    }

    /** What the contract refuses a call with as of a block's end, in its own words; empty when it passes there. */
    Optional<String> refusal(String from, String to, String data, long block) {
        try {
            ask(web3.ethCall(Transaction.createEthCallTransaction(from, to, data), at(block)));
            return Optional.empty();
        } catch (NodeRefusal refusal) {
            if (refusal.isRevert()) {
                return Optional.of(String.valueOf(refusal.getMessage()));
            }
            throw refusal;
        }
    }

    /** Logs of the contracts in a range of blocks, both ends included, by topics; a null topic is any. */
    List<Log> logs(long from, long to, List<String> contracts, String topic, @Nullable String second, String third) {
        EthFilter filter = new EthFilter(at(from), at(to), contracts);
        filter.addSingleTopic(topic);
        if (second == null) {
            filter.addNullTopic();
        } else {
            filter.addSingleTopic(second);
        }
        filter.addSingleTopic(third);
        return ask(web3.ethGetLogs(filter)).getLogs().stream()
                .map(result -> (Log) ((EthLog.LogObject) result).get())
                .toList();
    }

    static DefaultBlockParameter at(long number) {
        return DefaultBlockParameter.valueOf(BigInteger.valueOf(number));
    }

    @Override
    public void close() {
        web3.shutdown();
    }

    private Optional<Block> block(DefaultBlockParameter at) {
        EthBlock.Block block = ask(web3.ethGetBlockByNumber(at, false)).getBlock();
        return Optional.ofNullable(block)
                .map(found -> new Block(
                        found.getNumber().longValueExact(),
                        found.getHash(),
                        found.getParentHash(),
                        Instant.ofEpochSecond(found.getTimestamp().longValueExact()),
                        found.getBaseFeePerGasRaw() == null ? BigInteger.ZERO : found.getBaseFeePerGas()));
    }

    private static Receipt receipt(TransactionReceipt receipt) {
        return new Receipt(
                receipt.getTransactionHash(),
                receipt.isStatusOK(),
                receipt.getBlockNumber().longValueExact(),
                receipt.getBlockHash(),
                receipt.getLogs());
    }

    private <T extends Response<?>> T ask(Request<?, T> request) {
        T answer;
        try {
            answer = request.send();
        } catch (IOException | RuntimeException e) {
            throw new ChainFailure(request.getMethod() + " to " + url + " got no usable answer: " + e.getMessage(), e);
        }
        if (answer.hasError()) {
            Response.Error error = answer.getError();
            throw new NodeRefusal(request.getMethod(), error.getMessage(), error.getData());
        }
        return answer;
    }
}
