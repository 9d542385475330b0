package io.sluice.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.DynamicArray;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.StaticStruct;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.Utf8String;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.abi.datatypes.generated.Uint32;
import org.web3j.abi.datatypes.generated.Uint48;
import org.web3j.abi.datatypes.generated.Uint8;
import org.web3j.abi.datatypes.generated.Uint96;
import org.web3j.protocol.core.methods.response.Log;
import tools.jackson.databind.json.JsonMapper;

class ContractAbiTest {

    private static final String ID = "0x" + "01".repeat(32);
    private static final String OTHER = "0x" + "fe".repeat(32);
    private static final String ACCOUNT = "0x" + "ab".repeat(20);
    private static final String SOME_ABI = """
            [{"type":"function","name":"executeBatch","inputs":[
                {"name":"id","type":"bytes32"},{"name":"index","type":"uint256"},
                {"name":"proof","type":"bytes32[]"},{"name":"packed","type":"bytes"}],"outputs":[]}]""";

    @ParameterizedTest
    @MethodSource("records")
    void everyCallAndEventIsWhatTheCommittedAbiSays(Class<?> record) {
        AbiOf named = record.getDeclaringClass().getAnnotation(AbiOf.class);
        ContractAbi abi =
                ContractAbi.of(named == null ? record.getDeclaringClass().getSimpleName() : named.value());

        abi.check(record);
    }

    @ParameterizedTest
    @ValueSource(strings = {"executeBatch>pushBatch", "bytes32[]>uint256[]", "\"index\">\"number\""})
    void aRecordThatDiffersFromTheAbiIsADefect(String change) {
        String[] fromTo = change.split(">");
        ContractAbi changed = abi(SOME_ABI.replace(fromTo[0], fromTo[1]));

        abi(SOME_ABI).check(RoyaltyDistributor.ExecuteBatch.class);
        assertThatThrownBy(() -> changed.check(RoyaltyDistributor.ExecuteBatch.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ExecuteBatch")
                .hasMessageContaining("is not what the ABI of Changed says");
    }

    @Test
    void encodesListsAndBytesAsTheLibraryDoes() {
        String data = new RoyaltyDistributor.ExecuteBatch(ID, 7, List.of(OTHER, ID), "0x" + "cd".repeat(33)).data();

        assertThat(data)
                .isEqualTo(library(
                        "executeBatch",
                        bytes32(ID),
                        number(7),
                        new DynamicArray<>(Bytes32.class, bytes32(OTHER), bytes32(ID)),
                        new DynamicBytes(Hex.bytes("0x" + "cd".repeat(33)))));
    }

    @Test
    void encodesAStructAsTheLibraryDoes() {
        RoyaltyDistributor.Anchor anchor = new RoyaltyDistributor.Anchor(
                ID, OTHER, ID, ACCOUNT, BigInteger.TWO.pow(96).subtract(BigInteger.ONE), 64, OTHER, 5, 1_700_000_000L);

        assertThat(new RoyaltyDistributor.AnchorDistribution(anchor).data())
                .isEqualTo(library(
                        "anchorDistribution",
                        new StaticStruct(
                                bytes32(ID),
                                bytes32(OTHER),
                                bytes32(ID),
                                new Address(ACCOUNT),
                                new Uint96(BigInteger.TWO.pow(96).subtract(BigInteger.ONE)),
                                new Uint8(64),
                                bytes32(OTHER),
                                new Uint32(5),
                                new Uint48(1_700_000_000L))));
    }

    @Test
    void encodesListsOfBytesAsTheLibraryDoes() {
        HoldersDao.Propose propose = new HoldersDao.Propose(
                List.of(ACCOUNT, ACCOUNT), List.of(BigInteger.ZERO, BigInteger.TEN), List.of("0x", "0x1234"), "Wörter");

        assertThat(propose.data())
                .isEqualTo(library(
                        "propose",
                        new DynamicArray<>(Address.class, new Address(ACCOUNT), new Address(ACCOUNT)),
                        new DynamicArray<>(Uint256.class, number(0), number(10)),
                        new DynamicArray<>(
                                DynamicBytes.class, new DynamicBytes(new byte[0]), new DynamicBytes(new byte[] {18, 52
                                })),
                        new Utf8String("Wörter")));
    }

    @Test
    void refusesValuesThatAParameterDoesNotHold() {
        assertThatThrownBy(() -> new RoyaltyDistributor.ExecuteBatch("0x01", 0, List.of(), "0x").data())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bytes32 does not hold 0x01");
        assertThatThrownBy(() -> new RoyaltyDistributor.ExecuteBatch(ID, -1, List.of(), "0x").data())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("uint256 does not hold -1");
        assertThatThrownBy(() -> new RoutingRuleRegistry.Anchor(1L << 32, 1, ID, 0).data())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("uint32 does not hold 4294967296");
        assertThatThrownBy(() -> new Erc20.Approve("0x12", BigInteger.ONE).data())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsWhyOneOfOurContractsRefused() {
        String selector = Hex.keccak("NoCap(address,uint32,address)".getBytes(StandardCharsets.UTF_8))
                .substring(0, 10);
        String account = "0".repeat(24) + ACCOUNT.substring(2);

        assertThat(ContractAbi.refusal(selector + account + word("7").substring(2) + account))
                .contains("NoCap(distributor " + ACCOUNT + ", storeId 7, token " + ACCOUNT + ")");
        assertThat(ContractAbi.refusal(selector + account)).isEmpty(); // cut off
        assertThat(ContractAbi.refusal("0x12345678")).isEmpty();
        assertThat(ContractAbi.refusal("0x")).isEmpty();
    }

    @Test
    void readsAnEventFromItsTopicsAndData() {
        Log log = log(
                List.of(topic(), ID, word("7"), "0x" + "0".repeat(24) + ACCOUNT.substring(2)),
                "0x" + "0".repeat(24) + ACCOUNT.substring(2) + word("3e8").substring(2)
                        + word("1").substring(2));

        assertThat(ContractAbi.read(List.of(RoyaltyDistributor.PayoutFailed.class), log))
                .contains(new RoyaltyDistributor.PayoutFailed(
                        ACCOUNT, ID, 7, ACCOUNT, ACCOUNT, BigInteger.valueOf(1000), true));
    }

    @Test
    void readsListsAndTextOfAnEvent() {
        String data = FunctionEncoder.encodeConstructor(List.of(
                number(5),
                new Address(ACCOUNT),
                new DynamicArray<>(Address.class, new Address(ACCOUNT)),
                new DynamicArray<>(Uint256.class, number(0)),
                new DynamicArray<>(Utf8String.class, new Utf8String("")),
                new DynamicArray<>(DynamicBytes.class, new DynamicBytes(new byte[] {1, 2, 3})),
                number(100),
                number(200),
                new Utf8String("give the store to the holders")));
        Log log = log(List.of(ContractAbi.topic(HoldersDao.ProposalCreated.class)), "0x" + data);

        assertThat(ContractAbi.read(ContractAbi.eventsOf(HoldersDao.class), log))
                .contains(new HoldersDao.ProposalCreated(
                        ACCOUNT,
                        BigInteger.valueOf(5),
                        ACCOUNT,
                        List.of(ACCOUNT),
                        List.of(BigInteger.ZERO),
                        List.of(""),
                        List.of("0x010203"),
                        100,
                        200,
                        "give the store to the holders"));
    }

    @Test
    void leavesOutALogThatIsNotWhole() {
        List<String> topics = List.of(topic(), ID, word("7"), "0x" + "0".repeat(24) + ACCOUNT.substring(2));

        assertThat(ContractAbi.read(List.of(RoyaltyDistributor.PayoutFailed.class), log(topics, "0x")))
                .isEmpty();
        assertThat(ContractAbi.read(List.of(RoyaltyDistributor.PayoutFailed.class), log(topics.subList(0, 3), "0x")))
                .isEmpty();
        assertThat(ContractAbi.read(List.of(RoyaltyDistributor.PayoutFailed.class), log(List.of(), "0x")))
                .isEmpty();
    }

    @Test
    void anAnswerThatIsNotWhatTheAbiPromisesIsAFailure() {
        RoyaltyDistributor.DistributionState query = new RoyaltyDistributor.DistributionState(ID);

        assertThatThrownBy(() -> ContractAbi.answer(query, "0x"))
                .isInstanceOf(ChainFailure.class)
                .hasMessageContaining("was answered with 0x");
        assertThat(ContractAbi.answer(query, "0x" + "0".repeat(9 * 64)).state())
                .isEqualTo(RoyaltyDistributor.State.UNKNOWN);
    }

    static Stream<Class<?>> records() {
        return new ClassFileImporter(List.of(new ImportOption.DoNotIncludeTests()))
                .importPackages("io.sluice.chain").stream()
                        .filter(JavaClass::isRecord)
                        .filter(type ->
                                type.isAssignableTo(ContractCall.class) || type.isAssignableTo(ContractEvent.class))
                        .map(JavaClass::reflect);
    }

    private static ContractAbi abi(String json) {
        return new ContractAbi("Changed", new JsonMapper().readTree(json));
    }

    private static String topic() {
        return ContractAbi.topic(RoyaltyDistributor.PayoutFailed.class);
    }

    private static Log log(List<String> topics, String data) {
        Log log = new Log();
        log.setAddress("0x" + "AB".repeat(20));
        log.setTopics(topics);
        log.setData(data);
        return log;
    }

    private static String word(String digits) {
        return "0x" + "0".repeat(64 - digits.length()) + digits;
    }

    private static Bytes32 bytes32(String hex) {
        return new Bytes32(Hex.bytes(hex));
    }

    private static Uint256 number(long value) {
        return new Uint256(value);
    }

    private static String library(String function, Type<?>... arguments) {
        return FunctionEncoder.encode(new Function(function, List.of(arguments), List.of()));
    }
}
