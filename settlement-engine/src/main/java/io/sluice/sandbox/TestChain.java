package io.sluice.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * The contracts of the demo on its local chain: a stablecoin per currency, which the bank's issuer account mints, and the distributor
 * with its policies and rules, which the engine's operator uses. Deployed once for one operator; their addresses are kept beside the
 * books, and checked at each start. The deployer stands for the guardian, the policy holder and the monitor.
 */
final class TestChain implements Coins {

    static final List<String> CURRENCIES = List.of("EUR", "JPY", "USD");

    private static final Map<String, String[]> NAMES = Map.of(
            "EUR", new String[] {"Meridian Euro", "mEUR"},
            "USD", new String[] {"Meridian Dollar", "mUSD"},
            "JPY", new String[] {"Meridian Yen", "mJPY"});
    private static final String TIMELOCK = "chain.timelock";
    private static final String GUARD = "chain.guard";
    private static final String RULES = "chain.rules";
    private static final String DISTRIBUTOR = "chain.distributor";
    private static final String OPERATOR = "chain.operator";
    private static final String LISTED = "chain.listed.";
    private static final String CAP = "chain.cap.";
    private static final String TOKEN = "chain.token.";
    private static final String MINT = "40c10f19"; // mint(address,uint256)
    private static final long THREE_DAYS = 259_200;
    private static final long ACTIVATION_DELAY = 5;
    private static final long HEARTBEAT_LIMIT = 30L * 86_400;
    private static final long DAY = 86_400;
    private static final long DECIMALS = 6;
    private static final BigInteger CAP_PER_DAY = BigInteger.TEN.pow(18);
    private static final long CALL_GAS = 300_000;
    private static final long DEPLOY_GAS = 8_000_000;
    private static final long MINT_GAS = 150_000;
    private static final long MAX_FEE = 200_000_000_000L;
    private static final long TIP = 1_000_000_000L;
    private static final BigInteger OPERATOR_WEI = BigInteger.TEN.pow(22);
    private static final Duration DEPLOY = Duration.ofSeconds(60);

    private final Anvil anvil;
    private final BankDatabase database;
    private final String issuer;
    private final String deployer;

    TestChain(Anvil anvil, BankDatabase database) {
        this.anvil = anvil;
        this.database = database;
        try {
            JsonNode accounts = anvil.node().call("eth_accounts");
            this.issuer = accounts.get(0).asString();
            this.deployer = accounts.get(1).asString();
        } catch (IOException e) {
            throw new SandboxFailure("The local chain does not answer.", e);
        }
    }

    /** Puts the contracts in place for that operator (an address), who also gets gas money. */
    void deploy(String operator) {
        if (!operator.matches("0x[0-9a-fA-F]{40}")) {
            throw new SandboxFailure("--operator must be an address such as 0x1234…, was " + operator + ".");
        }
        try {
            boolean sold =
                    database.read(connection -> BankDatabase.number(connection, "select count(*) from onramp")) > 0;
            for (String currency : CURRENCIES) {
                ensure(TOKEN + currency, "TestStablecoin", stablecoin(currency), sold);
            }
            distributor(operator.toLowerCase(Locale.ROOT), sold);
            BigInteger held = new BigInteger(
                    anvil.node()
                            .call("eth_getBalance", operator, "latest")
                            .asString()
                            .substring(2),
                    16);
            if (held.compareTo(OPERATOR_WEI.divide(BigInteger.TWO)) < 0) {
                anvil.node().call("anvil_setBalance", operator, "0x" + OPERATOR_WEI.toString(16));
            }
        } catch (IOException e) {
            throw new SandboxFailure("The contracts could not be put on the local chain.", e);
        }
    }

    String distributor() {
        return address(DISTRIBUTOR);
    }

    String rules() {
        return address(RULES);
    }

    /** The policy holder lets the distributor pay out so much a day under a number, in the currency's coin; once. */
    synchronized void allow(long number, String currency) {
        String name = CAP + distributor() + "." + number + "." + currency;
        if (database.setting(name).isPresent()) {
            return;
        }
        String cap = word(distributor()) + word(BigInteger.valueOf(number)) + word(address(TOKEN + currency));
        try {
            call(
                    address(GUARD),
                    "announceCap(address,uint32,address,uint96,uint32)",
                    cap + word(CAP_PER_DAY) + word(BigInteger.valueOf(DAY)));
            anvil.mine((int) ACTIVATION_DELAY);
            call(address(GUARD), "activateCap(address,uint32,address)", cap);
        } catch (IOException e) {
            throw new SandboxFailure("The local chain does not answer.", e);
        }
        database.setting(name, CAP_PER_DAY.toString());
    }

    /** Addresses of the stablecoins by currency. */
    Map<String, String> tokens() {
        Map<String, String> tokens = new TreeMap<>();
        CURRENCIES.forEach(currency -> tokens.put(currency, address(TOKEN + currency)));
        return tokens;
    }

    @Override
    public long nextNonce() throws IOException {
        return anvil.node().quantity("eth_getTransactionCount", issuer, "pending");
    }

    @Override
    public Signed signMint(long nonce, String currency, String destination, BigInteger units) throws IOException {
        Map<String, Object> mint = new LinkedHashMap<>();
        mint.put("from", issuer);
        mint.put("to", address(TOKEN + currency));
        mint.put("nonce", JsonRpc.hex(nonce));
        mint.put("gas", JsonRpc.hex(MINT_GAS));
        mint.put("maxFeePerGas", JsonRpc.hex(MAX_FEE));
        mint.put("maxPriorityFeePerGas", JsonRpc.hex(TIP));
        mint.put("value", "0x0");
        mint.put("data", "0x" + MINT + word(destination) + word(units));
        JsonNode signed = anvil.node().call("eth_signTransaction", mint);
        String raw = signed.isString() ? signed.asString() : signed.path("raw").asString();
        return new Signed(raw, anvil.node().call("web3_sha3", raw).asString());
    }

    @Override
    public void send(Signed signed) throws IOException {
        anvil.node().call("eth_sendRawTransaction", signed.raw());
    }

    @Override
    public boolean knows(String hash) throws IOException {
        return !anvil.node().call("eth_getTransactionByHash", hash).isNull();
    }

    private String address(String name) {
        return database.setting(name)
                .orElseThrow(() -> new SandboxFailure("The contract " + name + " is not deployed."));
    }

    private void ensure(String name, String contract, String arguments, boolean inUse) throws IOException {
        String known = database.setting(name).orElse("");
        if (!known.isEmpty()
                && anvil.node().call("eth_getCode", known, "latest").asString().length() > 2) {
            return;
        }
        if (!known.isEmpty() && inUse) {
            throw new SandboxFailure("The local chain has lost the contract " + known
                    + ", though coins were sold on it: start with --fresh.");
        }
        String code = "0x" + resource(contract + ".bin") + arguments;
        JsonNode receipt = mined(Map.of("from", deployer, "gas", JsonRpc.hex(DEPLOY_GAS), "data", code), contract);
        database.setting(name, receipt.path("contractAddress").asString().toLowerCase(Locale.ROOT));
    }

    /** Another keystore's operator may have been given last time: it gets contracts of its own. */
    private void distributor(String operator, boolean inUse) throws IOException {
        if (!database.setting(OPERATOR).orElse(operator).equals(operator)) {
            for (String name : List.of(GUARD, RULES, DISTRIBUTOR)) {
                database.setting(name, "");
            }
            CURRENCIES.forEach(currency -> database.setting(LISTED + currency, ""));
        }
        database.setting(OPERATOR, operator);
        // (uint256 minDelay, address[] proposers, address[] executors, address setUp): nobody proposes, anybody
        // executes.
        String timelock = words(THREE_DAYS, 128, 160) + word(deployer) + words(0, 1, 0);
        ensure(TIMELOCK, "DaoTimelock", timelock, inUse);
        String admin = word(address(TIMELOCK));
        String roles = word(deployer).repeat(3) + word(operator) + words(ACTIVATION_DELAY, HEARTBEAT_LIMIT);
        ensure(GUARD, "PolicyGuard", admin + roles, inUse);
        ensure(RULES, "RoutingRuleRegistry", admin + word(operator).repeat(2), inUse);
        String arguments = admin + word(operator) + word(deployer) + word(address(GUARD)) + word(rules());
        ensure(DISTRIBUTOR, "RoyaltyDistributor", arguments, inUse);
        for (String currency : CURRENCIES) {
            list(address(TOKEN + currency), LISTED + currency);
        }
        anvil.mine((int) ACTIVATION_DELAY);
    }

    private void list(String token, String name) throws IOException {
        String listed = token + "@" + address(GUARD);
        if (!database.setting(name).orElse("").equals(listed)) {
            String code = anvil.node().call("eth_getCode", token, "latest").asString();
            String hash = anvil.node().call("web3_sha3", code).asString();
            call(address(GUARD), "listToken(address,bytes32,uint8)", word(token) + hash.substring(2) + words(DECIMALS));
            database.setting(name, listed);
        }
    }

    private void call(String contract, String function, String arguments) throws IOException {
        mined(
                Map.of(
                        "from",
                        deployer,
                        "to",
                        contract,
                        "gas",
                        JsonRpc.hex(CALL_GAS),
                        "data",
                        selector(function) + arguments),
                function);
    }

    private static String words(long... numbers) {
        StringBuilder words = new StringBuilder();
        for (long number : numbers) {
            words.append(word(BigInteger.valueOf(number)));
        }
        return words.toString();
    }

    private JsonNode mined(Map<String, Object> transaction, String what) throws IOException {
        String hash = anvil.node().call("eth_sendTransaction", transaction).asString();
        anvil.mine(1);
        long deadline = System.nanoTime() + DEPLOY.toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode receipt = anvil.node().call("eth_getTransactionReceipt", hash);
            if (!receipt.isNull()) {
                if (!receipt.path("status").asString().equals("0x1")) {
                    throw new SandboxFailure("The local chain refused " + what + ".");
                }
                return receipt;
            }
            anvil.mine(1);
        }
        throw new SandboxFailure("The local chain did not mine " + what + " within " + DEPLOY.toSeconds() + " s.");
    }

    private String selector(String signature) throws IOException {
        String bytes = "0x" + hex(signature.getBytes(StandardCharsets.UTF_8));
        return anvil.node().call("web3_sha3", bytes).asString().substring(0, 10);
    }

    private String stablecoin(String currency) {
        String[] names = NAMES.get(currency);
        if (names == null) {
            throw new SandboxFailure("No stablecoin for " + currency);
        }
        // (string name, string symbol, address issuer): two offsets, the address, then each string by length and padded
        // bytes.
        String name = string(names[0]);
        String symbol = string(names[1]);
        return word(BigInteger.valueOf(96))
                + word(BigInteger.valueOf(96 + name.length() / 2))
                + word(issuer)
                + name
                + symbol;
    }

    private static String string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String padded = hex(bytes);
        while (padded.length() % 64 != 0) {
            padded += "0";
        }
        return word(BigInteger.valueOf(bytes.length)) + padded;
    }

    private static String word(String address) {
        return "0".repeat(24) + address.substring(2).toLowerCase(Locale.ROOT);
    }

    private static String word(BigInteger number) {
        String hex = number.toString(16);
        return "0".repeat(64 - hex.length()) + hex;
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }

    private static String resource(String name) {
        try (InputStream in = TestChain.class.getResourceAsStream("/contracts/" + name)) {
            if (in == null) {
                throw new IllegalStateException("The class path has no contracts/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .replaceFirst("^0x", "");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
