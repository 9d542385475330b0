package io.sluice.chain;

import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The package as the engine puts it together, with turns taken by the test instead of a thread. */
final class TestEngine implements AutoCloseable {

    final List<ChainOutcome> outcomes = new ArrayList<>();
    final List<String> waiting = new ArrayList<>();
    final List<IncomingTransfer> incoming = new ArrayList<>();
    final JdbcClient db;
    final OrderStore orders;
    final TransactionSigner signer;
    final ChainReads reads;
    private final TransactionTemplate transactions;
    private final Node node;
    private final ChainSettings settings;
    private final ChainWorker worker;
    private final Lane lane;
    Consumer<ChainOutcome> listener = outcomes::add;

    TestEngine(DataSource source, ChainSettings settings) {
        this.settings = settings;
        this.db = JdbcClient.create(source);
        this.transactions = new TransactionTemplate(new DataSourceTransactionManager(source));
        ChainConfiguration configuration = new ChainConfiguration();
        this.node = configuration.chainNode(settings);
        this.signer = configuration.chainSigner(settings);
        this.orders = configuration.chainOrders(db, Clock.systemUTC(), settings, signer);
        Heads heads = configuration.chainHeads(Clock.systemUTC(), settings);
        this.reads = configuration.chainReads(node, heads, signer);
        this.worker = ChainConfiguration.worker(
                node,
                settings,
                signer,
                orders,
                heads,
                db,
                transactions,
                List.of(new ChainOutcomeListener() {
                    @Override
                    public void on(ChainOutcome outcome) {
                        listener.accept(outcome);
                    }

                    @Override
                    public void waits(String key, String why) {
                        waiting.add(key + ": " + why);
                    }
                }),
                List.of(incoming::add));
        this.lane = new Lane(
                node,
                orders,
                new GuardedSigner(signer, db),
                new Outcomes(orders, transactions, List.of()),
                transactions,
                settings);
    }

    static ChainSettings settings(TestChain chain, Path keystore, String payouts, String token) {
        return settings(chain.url(), keystore, payouts, token);
    }

    static ChainSettings settings(URI node, Path keystore, String payouts, String token) {
        return settings(node, keystore, payouts, payouts, token);
    }

    static ChainSettings settings(URI node, Path keystore, String payouts, String rules, String token) {
        return new ChainSettings(
                node,
                31337,
                keystore,
                keystore.resolve("password"),
                payouts,
                rules,
                Map.of("EUR", token),
                64,
                Duration.ofMillis(100),
                Duration.ofMinutes(2),
                Duration.ofSeconds(5),
                BigInteger.valueOf(1_500_000_000),
                BigInteger.valueOf(500_000_000_000L),
                3,
                15_000_000,
                3,
                0);
    }

    void enqueue(ChainOrder... list) {
        transactions.executeWithoutResult(status -> List.of(list).forEach(orders::enqueue));
    }

    void turn() {
        worker.work();
    }

    /** Signs what is due and stops there, as if the process had been killed before it could send. */
    void signOnly() {
        lane.sign(node.latest());
    }

    ChainOrderState state(String key) {
        return orders.find(key).orElseThrow().state();
    }

    List<Map<String, Object>> signed() {
        return db.sql("select nonce, variant, tx_hash, raw, max_fee, tip from chain_signed order by nonce, variant")
                .query()
                .listOfRows();
    }

    ChainWorker worker() {
        return worker;
    }

    TestEngine restarted(DataSource source) {
        close();
        return new TestEngine(source, settings);
    }

    @Override
    public void close() {
        node.close();
    }
}
