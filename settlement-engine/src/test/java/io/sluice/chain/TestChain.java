package io.sluice.chain;

import io.sluice.sandbox.TestTools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.Bool;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.Utf8String;
import org.web3j.abi.datatypes.generated.Uint256;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An anvil that mines when it is told to, and ends with its test. */
final class TestChain implements AutoCloseable {

    /** An agreement's number and the hash of its rule, as {@link #deployDistributor} anchors them. */
    static final long NUMBER = 7;

    static final String RULE = "0x" + "7e".repeat(32);
    private static final long DAY = 86_400;

    private long recordPoint;

    static final BigInteger COIN = BigInteger.valueOf(1_000_000);

    private static final Pattern LISTENING = Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+)");
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Thread stopWithTheTests = new Thread(this::kill);
    private final URI url;
    private volatile Process process;
    private final List<String> accounts = new ArrayList<>();

    private TestChain(Started started) {
        this.process = started.process();
        this.url = URI.create("http://127.0.0.1:" + started.port());
        Runtime.getRuntime().addShutdownHook(stopWithTheTests);
        call("eth_accounts").forEach(account -> accounts.add(account.asString()));
    }

    /** Two blocks on top of a block make it final. */
    static TestChain start() {
        return new TestChain(Started.anvil(0, "--slots-in-an-epoch", "1"));
    }

    /** @param depth blocks on top of a block before it is final; even */
    static TestChain finalAfter(int depth) {
        return new TestChain(Started.anvil(0, "--slots-in-an-epoch", Integer.toString(depth / 2)));
    }

    private record Started(Process process, int port) {

        static Started anvil(int port, String... further) {
            List<String> command = new ArrayList<>(List.of(
                    TestTools.anvil().toString(),
                    "--host",
                    "127.0.0.1",
                    "--port",
                    Integer.toString(port),
                    "--enable-tx-gas-limit",
                    "--no-mining"));
            command.addAll(List.of(further));
            try {
                Process process =
                        new ProcessBuilder(command).redirectErrorStream(true).start();
                BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    Matcher listening = LISTENING.matcher(line);
                    if (listening.find()) {
                        Thread.ofPlatform().daemon().start(() -> output.lines().forEach(said -> {}));
                        return new Started(process, Integer.parseInt(listening.group(1)));
                    }
                }
                throw new IllegalStateException("anvil ended");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The node goes away; what it knew lies in the file, but for what waits in its pool. */
    void goDown(Path state) {
        process.destroy();
        waitFor(process);
        if (!Files.exists(state)) {
            throw new IllegalStateException("The node did not write " + state);
        }
    }

    /** A node that keeps its blocks in a file, so that it can go down and come back. */
    static TestChain keeping(Path state) {
        return new TestChain(Started.anvil(0, "--slots-in-an-epoch", "1", "--state", state.toString()));
    }

    void comeBack(Path state) {
        process = Started.anvil(url.getPort(), "--slots-in-an-epoch", "1", "--state", state.toString())
                .process();
        // It takes up the wall clock's time again, which may be before the rules are in force.
        call("evm_increaseTime", DAY);
    }

    URI url() {
        return url;
    }

    /** One of the rich accounts that need no signature. */
    String account(int number) {
        return accounts.get(number);
    }

    JsonNode call(String method, Object... params) {
        JsonNode answer = ask(method, params);
        if (answer.has("error")) {
            throw new IllegalStateException(method + ": " + answer.get("error"));
        }
        return answer.get("result");
    }

    void mine(int blocks) {
        for (int i = 0; i < blocks; i++) {
            call("evm_mine");
        }
    }

    long height() {
        return quantity(call("eth_blockNumber")).longValueExact();
    }

    void reorganise(int depth) {
        call("anvil_reorg", depth, List.of());
    }

    void fund(String address) {
        call("anvil_setBalance", address, "0x" + COIN.pow(3).multiply(COIN).toString(16));
    }

    /** How many transactions of the sender are in blocks. */
    long nonceOf(String address) {
        return quantity(call("eth_getTransactionCount", address, "latest")).longValueExact();
    }

    /** Sends a call from an account and mines it; answers its receipt. */
    JsonNode transact(String from, String to, String data) {
        String hash = call("eth_sendTransaction", Map.of("from", from, "to", to, "data", data, "gas", "0xffffff"))
                .asString();
        mine(1);
        return call("eth_getTransactionReceipt", hash);
    }

    boolean succeeds(String from, String to, String data) {
        return transact(from, to, data).get("status").asString().equals("0x1");
    }

    /** What a call would answer; an error's data when it would revert. */
    String trial(String from, String to, String data) {
        JsonNode answer = ask("eth_call", Map.of("from", from, "to", to, "data", data), "latest");
        return answer.has("error")
                ? answer.get("error").path("data").asString("reverted without data")
                : answer.get("result").asString();
    }

    String deploy(String contract, Type<?>... arguments) {
        String code =
                "0x" + resource(contract + ".bin").strip() + FunctionEncoder.encodeConstructor(List.of(arguments));
        String hash = call("eth_sendTransaction", Map.of("from", account(0), "data", code, "gas", "0xffffff"))
                .asString();
        mine(1);
        return call("eth_getTransactionReceipt", hash).get("contractAddress").asString();
    }

    /** A distributor that may take the token from this operator, and pay it under {@link #RULE} of {@link #NUMBER} from now on. */
    String deployDistributor(String operator, String token) {
        Address self = new Address(account(0));
        Address theirs = new Address(operator);
        Uint256 none = new Uint256(0);
        String guard = deploy("PolicyGuard", self, self, self, self, theirs, none, new Uint256(DAY));
        String rules = deploy("RoutingRuleRegistry", self, self, self);
        String distributor = deploy("RoyaltyDistributor", self, theirs, self, new Address(guard), new Address(rules));
        String code = Hex.keccak(Hex.bytes(call("eth_getCode", token, "latest").asString()));
        done(transact(account(0), guard, new PolicyGuard.ListToken(token, code, 6).data()));
        BigInteger cap = BigInteger.TWO.pow(90);
        done(transact(account(0), guard, new PolicyGuard.AnnounceCap(distributor, NUMBER, token, cap, DAY).data()));
        done(transact(account(0), guard, new PolicyGuard.ActivateCap(distributor, NUMBER, token).data()));
        long midnight = (quantity(call("eth_getBlockByNumber", "latest", false).path("timestamp"))
                                        .longValueExact()
                                / DAY
                        + 1)
                * DAY;
        done(transact(account(0), rules, new RoutingRuleRegistry.Anchor(NUMBER, 1, RULE, midnight).data()));
        call("evm_mine", Map.of("timestamp", midnight + 1));
        recordPoint = midnight + 1;
        long nonce = nonceOf(operator);
        call("anvil_impersonateAccount", operator);
        done(transact(operator, token, new Erc20.Approve(distributor, cap).data()));
        call("anvil_stopImpersonatingAccount", operator);
        call("anvil_setNonce", operator, "0x" + Long.toHexString(nonce));
        return distributor;
    }

    private static void done(JsonNode receipt) {
        if (!receipt.path("status").asString().equals("0x1")) {
            throw new IllegalStateException("Reverted: " + receipt);
        }
    }

    /** An order that pays one payee by that distributor, under an id of this number. */
    ChainOrder payout(String key, String distributor, String token, long id, String payee, BigInteger units) {
        PayoutBatch batch = new PayoutBatch(List.of(new PayoutBatch.Entry(payee, units)));
        DistributionTree tree = DistributionTree.of(
                31337, distributor, idOf(id), List.of(batch), List.of(new DistributionTree.Entitlement("H-1", units)));
        return new ChainOrder(
                key,
                distributor,
                new RoyaltyDistributor.AnchorAndExecute(
                                new RoyaltyDistributor.Anchor(
                                        idOf(id),
                                        tree.payoutRoot(),
                                        tree.entitlementRoot(),
                                        token,
                                        units,
                                        1,
                                        RULE,
                                        NUMBER,
                                        recordPoint),
                                batch.packed())
                        .data());
    }

    static String idOf(long id) {
        return "0x" + "%064x".formatted(id + 1);
    }

    /** A stablecoin whose issuer is account 0. */
    String deployStablecoin() {
        return deploy("TestStablecoin", new Utf8String("Euro"), new Utf8String("tEUR"), new Address(account(0)));
    }

    JsonNode mint(String token, String to, BigInteger units) {
        return transact(account(0), token, encode("mint", new Address(to), new Uint256(units)));
    }

    void blacklist(String token, String account, boolean refused) {
        transact(account(0), token, encode("setBlacklisted", new Address(account), new Bool(refused)));
    }

    BigInteger balance(String token, String holder) {
        return quantityOf(token, "balanceOf", new Address(holder));
    }

    BigInteger quantityOf(String contract, String function, Type<?>... arguments) {
        return new BigInteger(
                trial(account(0), contract, encode(function, arguments)).substring(2), 16);
    }

    static String encode(String function, Type<?>... arguments) {
        return FunctionEncoder.encode(new Function(function, List.of(arguments), List.of()));
    }

    static BigInteger quantity(JsonNode node) {
        return new BigInteger(node.asString().substring(2), 16);
    }

    @Override
    public void close() {
        kill();
        waitFor(process);
        Runtime.getRuntime().removeShutdownHook(stopWithTheTests);
        http.close();
    }

    private void kill() {
        process.destroyForcibly();
    }

    private static void waitFor(Process process) {
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("anvil does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode ask(String method, Object... params) {
        return raw(JSON.valueToTree(Map.of("jsonrpc", "2.0", "id", 1, "method", method, "params", List.of(params))));
    }

    /** The node's answer to a whole request. */
    ObjectNode raw(ObjectNode ask) {
        try {
            HttpRequest request = HttpRequest.newBuilder(url)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(ask)))
                    .build();
            return (ObjectNode) JSON.readTree(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = TestChain.class.getResourceAsStream("/contracts/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
