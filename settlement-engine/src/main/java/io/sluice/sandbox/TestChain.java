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
 * The contracts of the demo on its local chain: a stablecoin per currency, which the bank's issuer account mints, and the payouts
 * contract, which the engine's operator uses. Deployed once; their addresses are kept beside the books, and checked at each start.
 */
final class TestChain implements Coins {

    static final List<String> CURRENCIES = List.of("EUR", "JPY", "USD");

    private static final Map<String, String[]> NAMES = Map.of(
            "EUR", new String[] {"Meridian Euro", "mEUR"},
            "USD", new String[] {"Meridian Dollar", "mUSD"},
            "JPY", new String[] {"Meridian Yen", "mJPY"});
    private static final String PAYOUTS = "chain.payouts";
    private static final String TOKEN = "chain.token.";
    private static final String MINT = "40c10f19"; // mint(address,uint256)
    private static final String REPLACE_OPERATOR = "replaceOperator(address)";
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
            ensure(PAYOUTS, "RoyaltyPayouts", word(operator), sold);
            requireOperator(operator.toLowerCase(Locale.ROOT));
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

    /** Address of the payouts contract. */
    String payouts() {
        return address(PAYOUTS);
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

    /** Another data folder's operator may have been given last time: the owner puts this one in place. */
    private void requireOperator(String operator) throws IOException {
        String selector = selector("operator()");
        String current = anvil.node()
                .call("eth_call", Map.of("to", payouts(), "data", selector), "latest")
                .asString();
        if (!current.endsWith(operator.substring(2))) {
            mined(
                    Map.of(
                            "from",
                            deployer,
                            "to",
                            payouts(),
                            "gas",
                            JsonRpc.hex(MINT_GAS),
                            "data",
                            selector(REPLACE_OPERATOR) + word(operator)),
                    REPLACE_OPERATOR);
        }
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
