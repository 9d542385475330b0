package io.sluice.chain;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts the package together. The start fails when the node, the chain or the contracts are not what the settings say. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ChainSettings.class)
class ChainConfiguration {

    @Bean
    Node chainNode(ChainSettings settings) {
        Node node = new Node(settings.rpc(), settings.callTimeout());
        try {
            require(node, settings);
            return node;
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    /** Stops the start when the contracts on chain are not those of the deployment's file, where the settings name one. */
    @Bean
    @ConditionalOnProperty("sluice.chain.deployment")
    Deployment deployment(Node node, ChainSettings settings, @Value("${sluice.chain.deployment}") Path file) {
        return DeploymentCheck.require(node, settings, file);
    }

    @Bean
    TransactionSigner chainSigner(ChainSettings settings) {
        return Keystore.open(settings.keystore(), settings.keystorePasswordFile());
    }

    @Bean
    OrderStore chainOrders(JdbcClient db, Clock clock, ChainSettings settings, TransactionSigner signer) {
        return new OrderStore(db, clock, settings.id(), signer.address());
    }

    @Bean
    Heads chainHeads(Clock clock, ChainSettings settings) {
        return new Heads(clock, settings.stalenessBound());
    }

    @Bean
    ChainReads chainReads(Node node, Heads heads, TransactionSigner signer) {
        return new NodeReads(node, heads, signer.address());
    }

    @Bean
    ChainWorker chainWorker(
            Node node,
            ChainSettings settings,
            TransactionSigner signer,
            OrderStore orders,
            Heads heads,
            JdbcClient db,
            PlatformTransactionManager manager,
            ObjectProvider<ChainOutcomeListener> outcomeListeners,
            ObjectProvider<IncomingTransferListener> transferListeners) {
        return worker(
                node,
                settings,
                signer,
                orders,
                heads,
                db,
                new TransactionTemplate(manager),
                outcomeListeners.orderedStream().toList(),
                transferListeners.orderedStream().toList());
    }

    static ChainWorker worker(
            Node node,
            ChainSettings settings,
            TransactionSigner signer,
            OrderStore orders,
            Heads heads,
            JdbcClient db,
            TransactionTemplate transactions,
            List<ChainOutcomeListener> outcomeListeners,
            List<IncomingTransferListener> transferListeners) {
        BlockStore blocks = new BlockStore(db, settings.id());
        Outcomes outcomes = new Outcomes(orders, transactions, outcomeListeners);
        GuardedSigner guarded = new GuardedSigner(signer, db);
        return new ChainWorker(
                new Follower(node, blocks, orders, outcomes, transactions, settings, signer.address()),
                new IncomingTransfers(node, blocks, db, transactions, settings, signer.address(), transferListeners),
                new Lane(node, orders, guarded, outcomes, transactions, settings),
                heads,
                settings.pollInterval());
    }

    static void require(Node node, ChainSettings settings) {
        long found = node.chainId();
        if (found != settings.id()) {
            throw new ChainMisconfigured(settings.rpc() + " serves chain " + found + ", sluice.chain.id says "
                    + settings.id() + ": nothing is sent");
        }
        List<String> contracts = new ArrayList<>(settings.tokens().values());
        contracts.add(settings.distributor());
        contracts.add(settings.ruleRegistry());
        for (String contract : contracts) {
            if (!node.hasCode(contract)) {
                throw new ChainMisconfigured("There is no contract at " + contract + " on chain " + found);
            }
        }
    }
}
