package io.sluice.chain;

import static io.sluice.chain.TestChain.encode;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.crypto.Hash;
import tools.jackson.databind.JsonNode;

class RoyaltyPayoutsTest {

    private static final String ORDER = "0x" + "ab".repeat(32);
    private static final BigInteger FIRST = BigInteger.ZERO;

    private static TestChain chain;

    private String operator;
    private String token;
    private String payouts;
    private String alice;
    private String bob;

    @BeforeAll
    static void startChain() {
        chain = TestChain.start();
    }

    @AfterAll
    static void stopChain() {
        chain.close();
    }

    @BeforeEach
    void deploy() {
        operator = chain.account(1);
        alice = chain.account(2);
        bob = chain.account(3);
        token = chain.deployStablecoin();
        payouts = chain.deployPayouts(operator);
        chain.mint(token, payouts, coins(100));
    }

    @Test
    void paysEveryPayeeOfABatch() {
        JsonNode receipt = chain.transact(operator, payouts, batch(FIRST, entry(alice, 30), entry(bob, 12)));

        assertThat(receipt.get("status").asString()).isEqualTo("0x1");
        assertThat(chain.balance(token, alice)).isEqualTo(coins(30));
        assertThat(chain.balance(token, bob)).isEqualTo(coins(12));
        assertThat(chain.balance(token, payouts)).isEqualTo(coins(58));
        assertThat(isPaid(FIRST)).isTrue();
        assertThat(isPaid(BigInteger.ONE)).isFalse();
    }

    @Test
    void refusesToPayABatchTwiceWhateverItsContent() {
        chain.transact(operator, payouts, batch(FIRST, entry(alice, 30)));

        assertThat(chain.trial(operator, payouts, batch(FIRST, entry(bob, 1))))
                .startsWith(error("AlreadyPaid(bytes32,uint256)"))
                .contains(ORDER.substring(2));
        assertThat(chain.succeeds(operator, payouts, batch(FIRST, entry(alice, 30))))
                .isFalse();
        assertThat(chain.balance(token, alice)).isEqualTo(coins(30));
    }

    @Test
    void paysTheNextBatchOfTheSameOrder() {
        chain.transact(operator, payouts, batch(FIRST, entry(alice, 30)));

        assertThat(chain.succeeds(operator, payouts, batch(BigInteger.valueOf(300), entry(alice, 5))))
                .isTrue();
        assertThat(chain.balance(token, alice)).isEqualTo(coins(35));
    }

    @Test
    void owesABlacklistedPayeeAndPaysTheOthers() {
        chain.blacklist(token, alice, true);

        JsonNode receipt = chain.transact(operator, payouts, batch(FIRST, entry(alice, 30), entry(bob, 12)));

        assertThat(receipt.get("status").asString()).isEqualTo("0x1");
        assertThat(chain.balance(token, alice)).isZero();
        assertThat(chain.balance(token, bob)).isEqualTo(coins(12));
        assertThat(owed(alice)).isEqualTo(coins(30));
        assertThat(chain.quantityOf(payouts, "totalOwed", new Address(token))).isEqualTo(coins(30));
    }

    @Test
    void keepsWhatIsOwedUntilTheTokenLetsThePayeeHaveIt() {
        chain.blacklist(token, alice, true);
        chain.transact(operator, payouts, batch(FIRST, entry(alice, 30)));
        String withdraw = encode("withdrawOwed", new Address(token));

        assertThat(chain.succeeds(alice, payouts, withdraw)).isFalse();
        assertThat(owed(alice)).isEqualTo(coins(30));

        chain.blacklist(token, alice, false);
        assertThat(chain.succeeds(alice, payouts, withdraw)).isTrue();
        assertThat(chain.balance(token, alice)).isEqualTo(coins(30));
        assertThat(owed(alice)).isZero();
        assertThat(chain.trial(alice, payouts, withdraw)).startsWith(error("NothingOwed(address,address)"));
    }

    @Test
    void doesNotSpendWhatIsOwed() {
        chain.blacklist(token, alice, true);
        chain.transact(operator, payouts, batch(FIRST, entry(alice, 90)));

        assertThat(chain.trial(operator, payouts, batch(BigInteger.ONE, entry(bob, 11))))
                .startsWith(error("Underfunded(address,uint256,uint256)"));
        assertThat(chain.succeeds(operator, payouts, batch(BigInteger.ONE, entry(bob, 10))))
                .isTrue();
    }

    @Test
    void refusesABatchThatTheBalanceDoesNotCover() {
        assertThat(chain.trial(operator, payouts, batch(FIRST, entry(alice, 101))))
                .startsWith(error("Underfunded(address,uint256,uint256)"));
    }

    @Test
    void isolatesATokenThatAnswersFalseBurnsItsGasOrAnswersTooMuch() {
        String rude = chain.deploy("FalseReturningToken");
        String carol = chain.account(4);
        String dave = chain.account(5);
        chain.transact(operator, rude, encode("mint", new Address(payouts), new Uint256(coins(100))));
        behave(rude, alice, 1);
        behave(rude, bob, 2);
        behave(rude, carol, 3);
        behave(rude, dave, 4);
        String erin = chain.account(6);

        JsonNode receipt = chain.transact(
                operator,
                payouts,
                PayoutsContract.payBatch(
                        ORDER,
                        FIRST,
                        rude,
                        List.of(entry(alice, 1), entry(bob, 2), entry(carol, 3), entry(dave, 4), entry(erin, 5))));

        assertThat(receipt.get("status").asString()).isEqualTo("0x1");
        assertThat(chain.quantityOf(payouts, "totalOwed", new Address(rude))).isEqualTo(coins(6));
        assertThat(chain.balance(rude, dave)).isEqualTo(coins(4));
        assertThat(chain.balance(rude, erin)).isEqualTo(coins(5));
        assertThat(chain.balance(rude, payouts)).isEqualTo(coins(91));
    }

    @Test
    void refusesATokenWithoutCode() {
        String data = PayoutsContract.payBatch(ORDER, FIRST, chain.account(8), List.of(entry(alice, 1)));

        assertThat(chain.trial(operator, payouts, data)).startsWith(error("NotAToken(address)"));
    }

    @Test
    void letsOnlyTheOperatorPay() {
        assertThat(chain.trial(alice, payouts, batch(FIRST, entry(alice, 1))))
                .startsWith(error("NotOperator(address,address)"));
    }

    @Test
    void letsOnlyTheOwnerReplaceTheOperator() {
        String replace = encode("replaceOperator", new Address(bob));

        assertThat(chain.trial(operator, payouts, replace)).startsWith(error("OwnableUnauthorizedAccount(address)"));
        assertThat(chain.succeeds(chain.account(0), payouts, replace)).isTrue();
        assertThat(chain.succeeds(operator, payouts, batch(FIRST, entry(alice, 1))))
                .isFalse();
        assertThat(chain.succeeds(bob, payouts, batch(FIRST, entry(alice, 1)))).isTrue();
    }

    @Test
    void refusesMalformedLists() {
        assertThat(chain.trial(operator, payouts, raw(new byte[31]))).startsWith(error("BadLength(uint256,uint256)"));
        assertThat(chain.trial(operator, payouts, raw(new byte[0]))).startsWith(error("EmptyBatch(bytes32,uint256)"));
        assertThat(chain.trial(operator, payouts, raw(new byte[32])))
                .startsWith(error("BadEntry(uint256,address,uint256)"));
        assertThat(chain.trial(operator, payouts, batch(FIRST, entry(payouts, 1))))
                .startsWith(error("BadEntry(uint256,address,uint256)"));
        assertThat(chain.trial(operator, payouts, batch(FIRST, entry(token, 1))))
                .startsWith(error("BadEntry(uint256,address,uint256)"));
    }

    @Test
    void neverTurnsALowGasLimitIntoAFailedPayment() {
        String data = batch(FIRST, entry(alice, 1), entry(bob, 1), entry(chain.account(4), 1));

        for (int gas = 60_000; gas < 600_000; gas += 15_000) {
            Map<String, String> call =
                    Map.of("from", operator, "to", payouts, "data", data, "gas", "0x" + Integer.toHexString(gas));
            String snapshot = chain.call("evm_snapshot").asString();
            String hash = chain.call("eth_sendTransaction", call).asString();
            chain.mine(1);
            boolean succeeded = chain.call("eth_getTransactionReceipt", hash)
                    .get("status")
                    .asString()
                    .equals("0x1");
            assertThat(owed(alice).add(owed(bob)).add(owed(chain.account(4))))
                    .as("owed at %s gas", gas)
                    .isZero();
            assertThat(chain.balance(token, bob).signum()).isEqualTo(succeeded ? 1 : 0);
            chain.call("evm_revert", snapshot);
        }
    }

    @Test
    void paysFiveHundredNewPayeesInsideTheGasCap() {
        chain.mint(token, payouts, coins(1000));
        List<PayoutsContract.Entry> entries = IntStream.range(0, PayoutsContract.MAX_ENTRIES)
                .mapToObj(i -> entry("0x%040x".formatted(0x1000 + i), 1))
                .toList();

        JsonNode receipt = chain.transact(operator, payouts, PayoutsContract.payBatch(ORDER, FIRST, token, entries));

        assertThat(receipt.get("status").asString()).isEqualTo("0x1");
        assertThat(TestChain.quantity(receipt.get("gasUsed"))).isLessThan(BigInteger.valueOf(14_500_000));
    }

    private static PayoutsContract.Entry entry(String payee, long coins) {
        return new PayoutsContract.Entry(payee, coins(coins));
    }

    private static BigInteger coins(long count) {
        return TestChain.COIN.multiply(BigInteger.valueOf(count));
    }

    private String batch(BigInteger index, PayoutsContract.Entry... entries) {
        return PayoutsContract.payBatch(ORDER, index, token, List.of(entries));
    }

    private String raw(byte[] packed) {
        return encode(
                "payBatch",
                new Bytes32(Hex.bytes(ORDER)),
                new Uint256(FIRST),
                new Address(token),
                new DynamicBytes(packed));
    }

    private static void behave(String rude, String account, int behaviour) {
        chain.transact(
                chain.account(0),
                rude,
                encode("behave", new Address(account), new Uint256(BigInteger.valueOf(behaviour))));
    }

    private BigInteger owed(String payee) {
        return chain.quantityOf(payouts, "owed", new Address(token), new Address(payee));
    }

    private boolean isPaid(BigInteger index) {
        return chain.quantityOf(payouts, "isPaid", new Bytes32(Hex.bytes(ORDER)), new Uint256(index))
                        .signum()
                == 1;
    }

    private static String error(String signature) {
        return Hash.sha3String(signature).substring(0, 10);
    }
}
