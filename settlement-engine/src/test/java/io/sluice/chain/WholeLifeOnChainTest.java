package io.sluice.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.chain.DeploymentTerms.Role;
import io.sluice.chain.DistributionTree.Entitlement;
import io.sluice.chain.HoldersDao.ProposalState;
import io.sluice.chain.HoldersDao.Vote;
import io.sluice.chain.RoyaltyDistributor.Anchor;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.web3j.abi.datatypes.Address;
import org.web3j.protocol.core.methods.response.Log;
import tools.jackson.databind.JsonNode;

/**
 * A store's life on a chain, from the deployment of the contracts to its title's way to the holders and back. Whatever a step is said to
 * have done is read from a finalized block.
 */
class WholeLifeOnChainTest {

    private static final int HOLDERS = 1000;
    private static final Set<Integer> BLACKLISTED = Set.of(7, 499, 500);
    private static final long STORE = 1;
    private static final long DAY = 86_400;
    private static final long VOTING_DELAY = DAY;
    private static final long VOTING_PERIOD = 5 * DAY;
    private static final BigInteger SUPPLY = BigInteger.TEN.pow(24);
    private static final String RULE = keccak("the rule's canonical document");
    private static final String SLOT = keccak("shopify-admin");
    private static final String ENVELOPE = keccak("sealed");

    private final TestChain chain = TestChain.start();
    private final Node node = new Node(chain.url(), Duration.ofSeconds(20));

    @TempDir
    private Path folder;

    private Deployment set;
    private String distributor;
    private String token;

    // Who is who among the node's accounts; 0 keeps the blacklist and mints.
    private final String operator = chain.account(1).toLowerCase(Locale.ROOT);
    private final String policy = chain.account(2).toLowerCase(Locale.ROOT);
    private final String ruleAdmin = chain.account(3).toLowerCase(Locale.ROOT);
    private final String registrar = chain.account(4).toLowerCase(Locale.ROOT);
    private final String issuer = chain.account(5).toLowerCase(Locale.ROOT);
    private final String merchant = chain.account(6).toLowerCase(Locale.ROOT);
    private final String ann = chain.account(7).toLowerCase(Locale.ROOT);
    private final String ben = chain.account(8).toLowerCase(Locale.ROOT);
    private final String cho = chain.account(9).toLowerCase(Locale.ROOT);

    @BeforeEach
    void deployTheContractsAndADollar() {
        chain.call("anvil_setBlockTimestampInterval", 1); // a second per block, whatever the wall clock does
        String deployer = Keystore.createIfMissing(folder.resolve("key"), folder.resolve("password"));
        chain.fund(deployer);
        try (Deployer open = Deployer.open(
                chain.url(),
                Deployer.TEST_CHAIN,
                folder.resolve("key"),
                folder.resolve("password"),
                id -> folder.resolve("deployment.json"),
                new Deployer.Waiting(20, () -> chain.mine(1)))) {
            set = open.deploy(terms(deployer));
        }
        distributor = set.address("RoyaltyDistributor");
        token = chain.deploy("UsdcShapedProxy", new Address(chain.deploy("UsdcShapedLogic")))
                .toLowerCase(Locale.ROOT);
    }

    @AfterEach
    void stop() {
        node.close();
        chain.close();
    }

    @Test
    void aStoreIsListedPaysItsHoldersAndPassesToThemAndBack() {
        registerTheStore();
        listTheTokenUnderACap();
        anchorTheRule();

        Map<Integer, String> owed = distribute();
        withdrawAfterUnblacklisting(owed);

        spreadTheRoyaltyToken();
        sealACredential();
        assertThat(canRelease()).isTrue();
        passTitle(merchant, set.address("DaoTimelock"), 2);
        assertThat(canRelease()).isFalse();
        passTitle(set.address("DaoTimelock"), merchant, 3);
        assertThat(canRelease()).isFalse(); // it has to be sealed anew
    }

    private void registerTheStore() {
        Sent sent = send(registrar, "StoreRegistry", new StoreRegistry.Register(merchant, keccak("Corner shop")));

        assertThat(sent.told(StoreRegistry.StoreRegistered.class))
                .containsExactly(new StoreRegistry.StoreRegistered(
                        set.address("StoreRegistry"), STORE, merchant, keccak("Corner shop")));
    }

    private void listTheTokenUnderACap() {
        String codeHash = Hex.keccak(Hex.bytes(node.code(token, Node.LATEST)));
        Sent listed = send(policy, "PolicyGuard", new PolicyGuard.ListToken(token, codeHash, 6));
        Sent announced = send(
                policy, "PolicyGuard", new PolicyGuard.AnnounceCap(distributor, STORE, token, coins(1_000_000), DAY));
        assertThat(listed.told(PolicyGuard.TokenListed.class))
                .containsExactly(new PolicyGuard.TokenListed(
                        set.address("PolicyGuard"), token, codeHash, 6, listed.time() + DAY));
        assertThat(announced.told(PolicyGuard.CapAnnounced.class)).hasSize(1);

        pass(DAY);
        Sent activated = send(cho, "PolicyGuard", new PolicyGuard.ActivateCap(distributor, STORE, token));

        assertThat(activated.told(PolicyGuard.CapChanged.class))
                .containsExactly(new PolicyGuard.CapChanged(
                        set.address("PolicyGuard"), distributor, STORE, token, coins(1_000_000), DAY));
    }

    private void anchorTheRule() {
        long tomorrow = (now() / DAY + 1) * DAY;
        Sent sent = send(ruleAdmin, "RoutingRuleRegistry", new RoutingRuleRegistry.Anchor(STORE, 1, RULE, tomorrow));

        assertThat(sent.told(RoutingRuleRegistry.RuleAnchored.class))
                .containsExactly(new RoutingRuleRegistry.RuleAnchored(
                        set.address("RoutingRuleRegistry"), STORE, 1, RULE, tomorrow));
        pass(tomorrow - now() + 1);
        assertThat(ask("RoutingRuleRegistry", new RoutingRuleRegistry.WasInForce(STORE, RULE, tomorrow)))
                .isTrue();
    }

    /** Pays a thousand holders in two batches; answers the payees who could not be paid, by number. */
    private Map<Integer, String> distribute() {
        List<PayoutBatch> batches = List.of(batch(0), batch(500));
        BigInteger total = batches.get(0).sum().add(batches.get(1).sum());
        String id = DistributionTree.id(Deployer.TEST_CHAIN, distributor, "R-2026-11-23");
        DistributionTree tree = DistributionTree.of(Deployer.TEST_CHAIN, distributor, id, batches, entitlements());
        chain.mint(token, operator, total);
        approve(total);
        BLACKLISTED.forEach(holder -> chain.blacklist(token, payee(holder), true));

        long recordPoint = now();
        Sent anchored = send(
                operator,
                "RoyaltyDistributor",
                new RoyaltyDistributor.AnchorDistribution(new Anchor(
                        id, tree.payoutRoot(), tree.entitlementRoot(), token, total, 2, RULE, STORE, recordPoint)));
        assertThat(anchored.told(RoyaltyDistributor.DistributionAnchored.class))
                .containsExactly(new RoyaltyDistributor.DistributionAnchored(
                        distributor,
                        id,
                        STORE,
                        RULE,
                        token,
                        total,
                        2,
                        recordPoint,
                        tree.payoutRoot(),
                        tree.entitlementRoot()));

        Map<String, BigInteger> paid = new TreeMap<>();
        List<RoyaltyDistributor.PayoutFailed> failed = new ArrayList<>();
        for (int index = 0; index < 2; index++) {
            int here = index;
            Sent executed = send(
                    operator,
                    "RoyaltyDistributor",
                    new RoyaltyDistributor.ExecuteBatch(
                            id,
                            index,
                            tree.batchProof(index),
                            batches.get(index).packed()));
            failed.addAll(executed.told(RoyaltyDistributor.PayoutFailed.class));
            executed.transfers().forEach(transfer -> paid.put(transfer.to(), transfer.units()));
            BigInteger failedHere = failed.stream()
                    .filter(failure -> failure.index() == here)
                    .map(RoyaltyDistributor.PayoutFailed::units)
                    .reduce(BigInteger.ZERO, BigInteger::add);
            assertThat(executed.told(RoyaltyDistributor.BatchExecuted.class))
                    .containsExactly(new RoyaltyDistributor.BatchExecuted(
                            distributor, id, index, 500, batches.get(index).sum(), failedHere));
        }

        Map<Integer, String> owed = new TreeMap<>();
        Map<String, BigInteger> due = new TreeMap<>();
        IntStream.range(0, HOLDERS).forEach(holder -> due.put(payee(holder), units(holder)));
        BLACKLISTED.forEach(holder -> {
            due.remove(payee(holder));
            owed.put(holder, payee(holder));
        });
        assertThat(paid).isEqualTo(due);
        assertThat(failed)
                .extracting(RoyaltyDistributor.PayoutFailed::payee)
                .containsExactlyInAnyOrderElementsOf(owed.values());
        RoyaltyDistributor.Distribution state = ask("RoyaltyDistributor", new RoyaltyDistributor.DistributionState(id));
        assertThat(state.paid()).isEqualTo(total);
        assertThat(state.executed()).isEqualTo(BigInteger.valueOf(3));
        assertThat(ask("RoyaltyDistributor", new RoyaltyDistributor.Committed(token)))
                .isEqualTo(BLACKLISTED.stream().map(this::units).reduce(BigInteger.ZERO, BigInteger::add));
        assertThat(isEntitled(tree, id, 321, units(321))).isTrue();
        assertThat(isEntitled(tree, id, 321, units(322))).isFalse();
        return owed;
    }

    private void withdrawAfterUnblacklisting(Map<Integer, String> owed) {
        owed.forEach((holder, payee) -> {
            RoyaltyDistributor.WithdrawOwed withdraw = new RoyaltyDistributor.WithdrawOwed(token, payee);
            assertThat(chain.succeeds(ben, distributor, withdraw.data())).isFalse();
            assertThat(ask("RoyaltyDistributor", new RoyaltyDistributor.Owed(token, payee)))
                    .isEqualTo(units(holder));

            chain.blacklist(token, payee, false);
            Sent sent = send(ben, "RoyaltyDistributor", withdraw);

            assertThat(sent.told(RoyaltyDistributor.OwedWithdrawn.class))
                    .containsExactly(new RoyaltyDistributor.OwedWithdrawn(distributor, token, payee, units(holder)));
            assertThat(sent.transfers())
                    .containsExactly(new ChainEvent.TokenTransferred(token, distributor, payee, units(holder)));
        });
        assertThat(ask("RoyaltyDistributor", new RoyaltyDistributor.Committed(token)))
                .isZero();
    }

    /** Ann and Ben hold two thirds of what votes, Cho one. The issuer's rest does not count. */
    private void spreadTheRoyaltyToken() {
        for (String holder : List.of(ann, ben, cho)) {
            Sent sent = send(issuer, "RoyaltyToken", new RoyaltyToken.Transfer(holder, SUPPLY.divide(BigInteger.TEN)));
            assertThat(sent.all()).isNotEmpty();
        }
    }

    private void sealACredential() {
        Sent sealed = send(merchant, "StoreRegistry", new StoreRegistry.Seal(STORE, SLOT, 1, ENVELOPE));
        Sent granted =
                send(merchant, "StoreRegistry", new StoreRegistry.Grant(STORE, SLOT, operator, now() + 365 * DAY));

        assertThat(sealed.told(StoreRegistry.CredentialSealed.class))
                .containsExactly(new StoreRegistry.CredentialSealed(
                        set.address("StoreRegistry"), STORE, SLOT, BigInteger.ONE, BigInteger.ONE, ENVELOPE));
        assertThat(granted.told(StoreRegistry.CredentialGranted.class)).hasSize(1);
    }

    private boolean canRelease() {
        return ask("StoreRegistry", new StoreRegistry.CanRelease(STORE, SLOT, operator, ENVELOPE));
    }

    /** By proposal, vote, timelock. */
    private void passTitle(String from, String to, long epoch) {
        List<String> targets = List.of(set.address("StoreRegistry"));
        List<BigInteger> values = List.of(BigInteger.ZERO);
        List<String> calls = List.of(new StoreRegistry.TransferFrom(from, to, STORE).data());
        String description = "Title number " + epoch;

        Sent proposed = send(ann, "HoldersDao", new HoldersDao.Propose(targets, values, calls, description));
        HoldersDao.ProposalCreated created =
                proposed.told(HoldersDao.ProposalCreated.class).getFirst();
        BigInteger proposal = created.proposalId();
        assertThat(created.calldatas()).isEqualTo(calls);
        assertThat(created.description()).isEqualTo(description);
        assertThat(proposed.told(HoldersDao.ThresholdSet.class))
                .containsExactly(new HoldersDao.ThresholdSet(set.address("HoldersDao"), proposal, true));

        pass(VOTING_DELAY + 1);
        vote(proposal, ann, Vote.FOR);
        vote(proposal, cho, Vote.AGAINST);
        vote(proposal, ben, Vote.FOR);
        pass(VOTING_PERIOD);
        assertThat(ask("HoldersDao", new HoldersDao.State(proposal))).isEqualTo(ProposalState.SUCCEEDED);

        Sent queued = send(cho, "HoldersDao", new HoldersDao.Queue(targets, values, calls, keccak(description)));
        assertThat(queued.told(HoldersDao.ProposalQueued.class))
                .containsExactly(new HoldersDao.ProposalQueued(
                        set.address("HoldersDao"), proposal, queued.time() + DeploymentTerms.SHORTEST_TIMELOCK));
        HoldersDao.Execute execute = new HoldersDao.Execute(targets, values, calls, keccak(description));
        assertThat(chain.succeeds(cho, set.address("HoldersDao"), execute.data()))
                .as("before its time")
                .isFalse();

        pass(DeploymentTerms.SHORTEST_TIMELOCK);
        Sent executed = send(cho, "HoldersDao", execute);
        assertThat(executed.told(HoldersDao.ProposalExecuted.class))
                .containsExactly(new HoldersDao.ProposalExecuted(set.address("HoldersDao"), proposal));
        assertThat(executed.told(StoreRegistry.EpochRaised.class))
                .containsExactly(new StoreRegistry.EpochRaised(
                        set.address("StoreRegistry"), STORE, BigInteger.valueOf(epoch), to));
        assertThat(ask("StoreRegistry", new StoreRegistry.OwnerOf(STORE))).isEqualTo(to);
    }

    private void vote(BigInteger proposal, String voter, Vote vote) {
        Sent sent = send(voter, "HoldersDao", new HoldersDao.CastVote(proposal, vote));

        assertThat(sent.told(HoldersDao.VoteCast.class))
                .containsExactly(new HoldersDao.VoteCast(
                        set.address("HoldersDao"), voter, proposal, vote, SUPPLY.divide(BigInteger.TEN), ""));
    }

    private void approve(BigInteger total) {
        assertThat(chain.succeeds(operator, token, new Erc20.Approve(distributor, total).data()))
                .isTrue();
    }

    private boolean isEntitled(DistributionTree tree, String id, int holder, BigInteger gross) {
        return ask(
                "RoyaltyDistributor",
                new RoyaltyDistributor.IsEntitled(
                        id, DistributionTree.holder("H" + holder), gross, tree.entitlementProof(holder)));
    }

    private PayoutBatch batch(int from) {
        return new PayoutBatch(IntStream.range(from, from + 500)
                .mapToObj(holder -> new PayoutBatch.Entry(payee(holder), units(holder)))
                .toList());
    }

    private List<Entitlement> entitlements() {
        return IntStream.range(0, HOLDERS)
                .mapToObj(holder -> new Entitlement("H" + holder, units(holder)))
                .toList();
    }

    private String payee(int holder) {
        return "0x" + keccak("payee " + holder).substring(26);
    }

    private BigInteger units(int holder) {
        return BigInteger.valueOf(1_000_001L + 37L * holder);
    }

    // ---- the chain

    /** A transaction in a finalized block, and what that block's logs say of it. */
    private record Sent(long time, List<Log> all) {

        <E extends ContractEvent> List<E> told(Class<E> event) {
            return all.stream()
                    .flatMap(log -> ContractAbi.read(List.of(event), log).stream())
                    .map(event::cast)
                    .toList();
        }

        List<ChainEvent.TokenTransferred> transfers() {
            return ContractEvents.read(all).stream()
                    .filter(ChainEvent.TokenTransferred.class::isInstance)
                    .map(ChainEvent.TokenTransferred.class::cast)
                    .toList();
        }
    }

    /** Sends a call, lets two more blocks make it final, and reads the finalized block. */
    private Sent send(String from, String contract, ContractCall call) {
        JsonNode receipt = chain.transact(from, set.address(contract), call.data());
        assertThat(receipt.get("status").asString())
                .as(() -> call + " is answered with " + chain.trial(from, set.address(contract), call.data()))
                .isEqualTo("0x1");
        chain.mine(2);
        long number = TestChain.quantity(receipt.get("blockNumber")).longValueExact();
        assertThat(node.finalized().orElseThrow().number()).isGreaterThanOrEqualTo(number);
        Node.Block block = node.block(number).orElseThrow();
        List<Log> logs = new ArrayList<>();
        for (JsonNode log : chain.call("eth_getLogs", Map.of("blockHash", block.hash()))) {
            logs.add(log(log));
        }
        return new Sent(block.time().getEpochSecond(), logs);
    }

    /** What a contract answers at the finalized block. */
    private <R> R ask(String contract, ContractQuery<R> query) {
        long finalized = node.finalized().orElseThrow().number();
        return ContractAbi.answer(query, node.call(set.address(contract), query.data(), Node.at(finalized)));
    }

    private void pass(long seconds) {
        chain.call("evm_setNextBlockTimestamp", now() + seconds);
        chain.mine(3);
    }

    private long now() {
        return node.latest().time().getEpochSecond();
    }

    private static Log log(JsonNode json) {
        Log log = new Log();
        log.setAddress(json.get("address").asString());
        log.setData(json.get("data").asString());
        List<String> topics = new ArrayList<>();
        json.get("topics").forEach(topic -> topics.add(topic.asString()));
        log.setTopics(topics);
        return log;
    }

    private static BigInteger coins(long count) {
        return TestChain.COIN.multiply(BigInteger.valueOf(count));
    }

    private static String keccak(String text) {
        return Hex.keccak(text.getBytes(StandardCharsets.UTF_8));
    }

    private DeploymentTerms terms(String deployer) {
        Map<Role, String> roles = new TreeMap<>();
        for (Role role : Role.values()) {
            roles.put(role, deployer);
        }
        roles.put(Role.OPERATOR, operator);
        roles.put(Role.POLICY, policy);
        roles.put(Role.RULE_ADMIN, ruleAdmin);
        roles.put(Role.REGISTRAR, registrar);
        roles.put(Role.ISSUER, issuer);
        return new DeploymentTerms(
                roles,
                "Corner shop royalty",
                "CORNER",
                SUPPLY,
                DAY,
                3 * DAY,
                7 * DAY,
                DeploymentTerms.SHORTEST_TIMELOCK,
                VOTING_DELAY,
                VOTING_PERIOD,
                SUPPLY.divide(BigInteger.valueOf(1000)));
    }
}
