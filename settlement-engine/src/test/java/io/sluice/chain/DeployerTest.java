package io.sluice.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import io.sluice.chain.DeploymentTerms.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DeployerTest {

    private static final int TRANSACTIONS = 13;
    private static final String ADMIN = "0x" + "0".repeat(64);

    private final TestChain chain = TestChain.start();

    @TempDir
    private Path folder;

    private Path file;
    private String deployer;

    /** The process ends here. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private record Answer(int exit, String out, String err) {

        JsonNode json() {
            return new JsonMapper().readTree(out);
        }
    }

    @BeforeEach
    void aFundedKey() {
        file = folder.resolve("deployment.json");
        deployer = Keystore.createIfMissing(folder.resolve("key"), folder.resolve("password"));
        chain.fund(deployer);
    }

    @AfterEach
    void stop() {
        chain.close();
    }

    @Test
    void putsTheWholeSetInPlaceAndARepeatSendsNothing() throws IOException {
        Deployment first = deploy(chain::mine);
        String written = Files.readString(file);
        Deployment again = deploy(chain::mine);

        assertThat(first.steps()).hasSize(TRANSACTIONS);
        assertThat(chain.nonceOf(deployer)).isEqualTo(TRANSACTIONS);
        assertThat(again).isEqualTo(first);
        assertThat(Files.readString(file)).isEqualTo(written);
        assertThat(Deployment.read(file)).isEqualTo(first);
    }

    @Test
    void leavesThePowerWithTheTimelockAndTheProposalsWithTheDao() {
        Deployment set = deploy(chain::mine);

        assertThat(hasRole(set, ADMIN, deployer)).isFalse();
        assertThat(hasRole(set, ADMIN, set.address("DaoTimelock"))).isTrue();
        assertThat(hasRole(set, role("PROPOSER_ROLE"), set.address("HoldersDao")))
                .isTrue();
        assertThat(hasRole(set, role("CANCELLER_ROLE"), deployer)).isTrue(); // the guardian, on a test chain
    }

    @Test
    void neverPutsAContractInPlaceTwiceHoweverItIsInterrupted() {
        int runs = 0;
        for (boolean finished = false; !finished; runs++) {
            boolean beforeSending = runs % 3 == 0;
            try {
                finished = deploy(beforeSending ? 0 : 5, blocks -> {
                                    chain.mine(blocks);
                                    throw new Killed();
                                })
                                .steps()
                                .size()
                        == TRANSACTIONS;
            } catch (DeploymentRefused | Killed interrupted) {
                assertThat(Deployment.read(file).steps()).isNotEmpty();
            }
        }

        assertThat(runs).isGreaterThan(TRANSACTIONS);
        assertThat(chain.nonceOf(deployer)).isEqualTo(TRANSACTIONS);
        assertThat(Deployment.read(file).steps())
                .hasSize(TRANSACTIONS)
                .extracting(Deployment.Step::nonce)
                .doesNotHaveDuplicates();
        assertThat(chain.call("eth_getCode", Deployment.read(file).address("HoldersDao"), "latest")
                        .asString())
                .hasSizeGreaterThan(2);
    }

    @Test
    void bringsBackByTheSameBytesWhatTheChainHasLost() {
        Deployment before = deploy(chain::mine);
        chain.reorganise(7);
        assertThat(chain.nonceOf(deployer)).isEqualTo(TRANSACTIONS - 7);

        Deployment after = deploy(chain::mine);

        assertThat(after.address("RoyaltyToken")).isEqualTo(before.address("RoyaltyToken"));
        assertThat(after.steps())
                .extracting(Deployment.Step::transaction)
                .isEqualTo(before.steps().stream()
                        .map(Deployment.Step::transaction)
                        .toList());
        assertThat(chain.nonceOf(deployer)).isEqualTo(TRANSACTIONS);
    }

    @Test
    void refusesCodeThatIsNotWhatWasPutThere() {
        Deployment set = deploy(chain::mine);
        chain.call("anvil_setCode", set.address("PolicyGuard"), "0x6001");

        assertThatThrownBy(() -> deploy(chain::mine))
                .isInstanceOf(DeploymentRefused.class)
                .hasMessageStartingWith(
                        "PolicyGuard at " + set.address("PolicyGuard") + " has another code than " + file);
        chain.mine(3);
        assertThatThrownBy(() -> check(TestEngine.settings(chain, folder.resolve("key"), deployer, deployer)))
                .isInstanceOf(ChainMisconfigured.class)
                .hasMessageContaining("PolicyGuard at " + set.address("PolicyGuard"))
                .hasMessageContaining(
                        "expected " + set.step("PolicyGuard").orElseThrow().codeHash());
    }

    @Test
    void theEngineStartsOnlyOnWhatIsFinal() {
        Deployment set = deploy(chain::mine);
        ChainSettings settings = settings(set.address("RoyaltyDistributor"), set.address("RoutingRuleRegistry"));

        assertThatThrownBy(() -> check(settings))
                .isInstanceOf(ChainMisconfigured.class)
                .hasMessageStartingWith(file + " is not final yet: ");
        chain.mine(2);

        assertThat(check(settings)).isEqualTo(set);
    }

    @Test
    void theEngineRefusesSettingsThatNameOtherContractsThanTheFile() {
        Deployment set = deploy(chain::mine);
        chain.mine(2);
        ChainSettings other = settings(set.address("RoyaltyDistributor"), set.address("StoreRegistry"));

        assertThatThrownBy(() -> check(other))
                .isInstanceOf(ChainMisconfigured.class)
                .hasMessage("sluice.chain.rule-registry says " + set.address("StoreRegistry") + ", expected "
                        + set.address("RoutingRuleRegistry") + ", the RoutingRuleRegistry of " + file);
    }

    @Test
    void theEngineRefusesAFileThatIsNotFinished() {
        assertThatThrownBy(() -> deploy(0, chain::mine)).isInstanceOf(DeploymentRefused.class);

        assertThatThrownBy(() -> check(TestEngine.settings(chain, folder.resolve("key"), deployer, deployer)))
                .isInstanceOf(ChainMisconfigured.class)
                .hasMessageContaining("DaoTimelock is not known to be in a block");
    }

    @Test
    void theEngineRefusesAFileThatLacksAStepOrIsOfAChainWithAnotherBeginning() {
        Deployment set = deploy(chain::mine);
        chain.mine(100);
        ChainSettings settings = settings(set.address("RoyaltyDistributor"), set.address("RoutingRuleRegistry"));
        List<Deployment.Step> allButOne = set.steps().subList(0, set.steps().size() - 1);
        new Deployment(set.schema(), set.chainId(), set.genesis(), set.deployer(), set.terms(), allButOne).write(file);
        assertThatThrownBy(() -> check(settings))
                .isInstanceOf(ChainMisconfigured.class)
                .hasMessageContaining("\"the deployer steps back\" is missing");

        String elsewhere = "0x" + "ab".repeat(32);
        new Deployment(set.schema(), set.chainId(), elsewhere, set.deployer(), set.terms(), set.steps()).write(file);
        assertThatThrownBy(() -> check(settings))
                .isInstanceOf(ChainMisconfigured.class)
                .hasMessageContaining("its genesis is " + elsewhere);
    }

    @Test
    void thePlanHasTheStepsThatAFinishedFileIsCheckedFor() {
        assertThat(DeploymentPlan.of(terms(deployer, 86_400), deployer))
                .extracting(DeploymentPlan.Step::name)
                .containsExactlyElementsOf(DeploymentPlan.STEPS);
    }

    @Test
    void theSettingsNameTheFileThatStopsTheStart() {
        assertThatThrownBy(() -> deploy(0, chain::mine)).isInstanceOf(DeploymentRefused.class);
        String token = chain.deployStablecoin();

        new ApplicationContextRunner()
                .withUserConfiguration(ChainConfiguration.class)
                .withBean(Clock.class, Clock::systemUTC)
                .withBean(JdbcClient.class, () -> mock(JdbcClient.class))
                .withBean(PlatformTransactionManager.class, () -> mock(PlatformTransactionManager.class))
                .withPropertyValues(
                        "sluice.chain.rpc=" + chain.url(),
                        "sluice.chain.id=31337",
                        "sluice.chain.keystore=" + folder.resolve("key"),
                        "sluice.chain.keystore-password-file=" + folder.resolve("password"),
                        "sluice.chain.distributor=" + token,
                        "sluice.chain.rule-registry=" + token,
                        "sluice.chain.tokens.EUR=" + token,
                        "sluice.chain.deployment=" + file)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .isInstanceOf(ChainMisconfigured.class)
                        .hasMessage(
                                file + " is not finished: DaoTimelock is not known to be in a block; deploy again"));
    }

    @Test
    void refusesAFileOfAnotherChain() throws IOException {
        Deployment set = deploy(chain::mine);
        Files.writeString(file, Files.readString(file).replace(set.genesis(), "0x" + "12".repeat(32)));

        assertThatThrownBy(() -> deploy(chain::mine))
                .isInstanceOf(DeploymentRefused.class)
                .hasMessageStartingWith(file + " is of another chain: it says 31337 with genesis 0x1212");
    }

    @Test
    void refusesOtherTermsThanItWasBegunWith() {
        deploy(chain::mine);

        try (Deployer other = open(chain.url(), 50, chain::mine)) {
            DeploymentTerms terms = terms(other.address(), 7200);
            assertThatThrownBy(() -> other.deploy(terms))
                    .isInstanceOf(DeploymentRefused.class)
                    .hasMessageContaining("was begun with other terms");
        }
    }

    @Test
    void refusesWithoutMoney() {
        chain.call("anvil_setBalance", deployer, "0x1000");

        assertThatThrownBy(() -> deploy(chain::mine))
                .isInstanceOf(DeploymentRefused.class)
                .hasMessageStartingWith(deployer + " holds 4096 wei, and DaoTimelock may take up to ");
    }

    @Test
    void refusesToGoOnOverANonceThatWasUsedOtherwise() {
        assertThatThrownBy(() -> deploy(0, chain::mine)).isInstanceOf(DeploymentRefused.class);
        chain.call("anvil_setNonce", deployer, "0x1");

        assertThatThrownBy(() -> deploy(chain::mine))
                .isInstanceOf(DeploymentRefused.class)
                .hasMessageStartingWith("Nonce 0 of " + deployer + ", meant for DaoTimelock, was used by another");
    }

    @Test
    void theCommandPrintsOneObject() {
        chain.call("evm_setAutomine", true);

        Answer answer = command("--rpc", chain.url().toString(), "--out", file.toString(), "--json");

        assertThat(answer.exit()).as(answer.err()).isZero();
        assertThat(answer.err()).isEmpty();
        assertThat(answer.json().get("deployed").asBoolean()).isTrue();
        assertThat(answer.json().get("sent").asInt()).isEqualTo(TRANSACTIONS);
        assertThat(answer.json().get("contracts").propertyNames()).hasSize(9);
        assertThat(command("--rpc", chain.url().toString(), "--out", file.toString(), "--json")
                        .json()
                        .get("sent")
                        .asInt())
                .isZero();
    }

    @Test
    void theCommandRefusesInOneSentence() throws IOException {
        Answer noNode = command("--rpc", "http://127.0.0.1:1", "--out", file.toString(), "--json");
        Answer otherChain =
                command("--rpc", chain.url().toString(), "--out", file.toString(), "--chain-id", "1", "--json");
        Answer noAddress =
                command("--rpc", chain.url().toString(), "--out", file.toString(), "--role", "GUARDIAN=0x12");
        Files.writeString(file, "{}");
        Answer notOurs = command("--rpc", chain.url().toString(), "--out", file.toString());

        assertThat(noNode.exit()).isEqualTo(3);
        assertThat(noNode.err()).isEqualTo("No node answers at http://127.0.0.1:1" + System.lineSeparator());
        assertThat(noNode.json().get("why").asString()).isEqualTo("No node answers at http://127.0.0.1:1");
        assertThat(otherChain.exit()).isEqualTo(2);
        assertThat(otherChain.err()).startsWith(chain.url() + " serves chain 31337, expected 1; nothing was sent");
        assertThat(noAddress.exit()).isEqualTo(2);
        assertThat(noAddress.err()).startsWith("The GUARDIAN");
        assertThat(notOurs.exit()).isEqualTo(2);
        assertThat(notOurs.err()).startsWith(file + " is not a deployment of ours");
        assertThat(chain.nonceOf(deployer)).isZero();
    }

    @Test
    void onALiveChainNobodyHoldsARoleByDefault() {
        chain.call("anvil_setChainId", 8453);
        String all = Arrays.stream(Role.values())
                .map(role -> role + "=" + "0x" + "ab".repeat(20))
                .collect(Collectors.joining(","));

        Answer none =
                command("--rpc", chain.url().toString(), "--out", file.toString(), "--role", "GUARDIAN=" + deployer);
        Answer onePerson = command(
                "--rpc",
                chain.url().toString(),
                "--out",
                file.toString(),
                "--role",
                all,
                "--supply",
                "1",
                "--token-name",
                "T",
                "--token-symbol",
                "T");

        assertThat(none.exit()).isEqualTo(2);
        assertThat(none.err())
                .startsWith("Chain 8453 is not a test chain (31337): give --role POLICY=…, --role MONITOR=…")
                .contains("--token-name, --token-symbol, --supply")
                .doesNotContain("GUARDIAN");
        assertThat(onePerson.exit()).isEqualTo(2);
        assertThat(onePerson.err()).startsWith("COMPLIANCE and TRUSTEE check each other and cannot both be 0xabab");
        assertThat(chain.nonceOf(deployer)).isZero();
    }

    private Deployment deploy(IntConsumer mine) {
        return deploy(50, mine);
    }

    private Deployment deploy(int rounds, IntConsumer mine) {
        try (Deployer open = open(chain.url(), rounds, mine)) {
            return open.deploy(terms(open.address(), 86_400));
        }
    }

    private Deployer open(URI rpc, int rounds, IntConsumer mine) {
        return Deployer.open(
                rpc,
                31337L,
                folder.resolve("key"),
                folder.resolve("password"),
                id -> file,
                new Deployer.Waiting(rounds, () -> mine.accept(1)));
    }

    private ChainSettings settings(String distributor, String rules) {
        return TestEngine.settings(chain.url(), folder.resolve("key"), distributor, rules, deployer);
    }

    private Deployment check(ChainSettings settings) {
        try (Node node = new Node(chain.url(), Duration.ofSeconds(5))) {
            return DeploymentCheck.require(node, settings, file);
        }
    }

    private boolean hasRole(Deployment set, String role, String account) {
        try (Node node = new Node(chain.url(), Duration.ofSeconds(5))) {
            DaoTimelock.HasRole query = new DaoTimelock.HasRole(role, account);
            return ContractAbi.answer(query, node.call(set.address("DaoTimelock"), query.data(), Node.LATEST));
        }
    }

    private Answer command(String... options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] common = {
            "deploy",
            "--keystore",
            folder.resolve("key").toString(),
            "--password-file",
            folder.resolve("password").toString()
        };
        int exit = new CommandLine(new ChainCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .execute(Stream.of(common, options).flatMap(Arrays::stream).toArray(String[]::new));
        return new Answer(exit, out.toString(), err.toString());
    }

    private static String role(String name) {
        return Hex.keccak(name.getBytes(StandardCharsets.UTF_8));
    }

    private static DeploymentTerms terms(String everybody, long votingDelay) {
        return new DeploymentTerms(
                Arrays.stream(Role.values()).collect(Collectors.toMap(Function.identity(), role -> everybody)),
                "Royalty",
                "ROY",
                BigInteger.TEN.pow(24),
                86_400,
                259_200,
                604_800,
                DeploymentTerms.SHORTEST_TIMELOCK,
                votingDelay,
                432_000,
                BigInteger.ONE);
    }
}
