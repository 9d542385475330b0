package io.sluice.chain;

import io.sluice.chain.DeploymentPlan.Call;
import io.sluice.chain.DeploymentPlan.Create;
import io.sluice.chain.DeploymentRefused.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.web3j.crypto.ContractUtils;

/**
 * Puts the contracts on a chain, once. Each transaction is signed and written to the file before it is sent; a run that was interrupted is
 * gone on with by the same bytes under the same nonce, so that nothing is ever put in place twice. A run over a finished file sends
 * nothing, and proves that the chain still has the same code.
 */
public final class Deployer implements AutoCloseable {

    /** What test nodes call their chain. */
    public static final long TEST_CHAIN = 31337;

    private static final BigInteger TIP = BigInteger.valueOf(1_500_000_000);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);

    private final Node node;
    private final TransactionSigner signer;
    private final Path file;
    private final Waiting waiting;
    private final long chainId;
    private int sent;

    /**
     * How a transaction is waited for.
     *
     * @param rounds how often it is looked for before the run ends
     * @param pause what is done between two looks
     */
    public record Waiting(int rounds, Runnable pause) {}

    private Deployer(Node node, TransactionSigner signer, LongFunction<Path> file, Waiting waiting) {
        this.node = node;
        this.signer = signer;
        this.waiting = waiting;
        this.chainId = node.chainId();
        this.file = file.apply(chainId);
    }

    /**
     * Throws {@link DeploymentRefused} when nothing answers at the address, or another chain than is expected.
     *
     * @param expectedChain null when any will do
     * @param keystore the deployer's key: a keystore file, or a folder with exactly one
     * @param file what is written and gone on with, by the chain's id
     */
    public static Deployer open(
            URI rpc,
            @Nullable Long expectedChain,
            Path keystore,
            Path passwordFile,
            LongFunction<Path> file,
            Waiting waiting) {
        TransactionSigner signer = signer(keystore, passwordFile);
        Node node = new Node(rpc, CALL_TIMEOUT);
        try {
            Deployer deployer = new Deployer(node, signer, file, waiting);
            if (expectedChain != null && expectedChain != deployer.chainId) {
                throw new DeploymentRefused(
                        Kind.MISUSE,
                        rpc + " serves chain " + deployer.chainId + ", expected " + expectedChain
                                + "; nothing was sent");
            }
            return deployer;
        } catch (ChainFailure | NodeRefusal e) {
            node.close();
            throw new DeploymentRefused(Kind.OUTSIDE, "No node answers at " + rpc);
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    public long chainId() {
        return chainId;
    }

    /** The address that signs, lower-case hexadecimal. */
    public String address() {
        return signer.address();
    }

    /** How many transactions this run has made; those that it only sent again are not among them. */
    public int sent() {
        return sent;
    }

    /** The whole set on the chain. Throws {@link DeploymentRefused} with the reason; what was sent until then stands in the file. */
    public Deployment deploy(DeploymentTerms terms) {
        try (FileChannel alone = lockFile()) {
            requireLock(alone);
            Deployment done = begun(terms);
            for (DeploymentPlan.Step step : DeploymentPlan.of(terms, signer.address())) {
                done = ensured(done, step);
            }
            return done;
        } catch (ChainFailure e) {
            throw new DeploymentRefused(Kind.OUTSIDE, "The node went away: " + e.getMessage() + "; run the same again");
        } catch (NodeRefusal e) {
            throw new DeploymentRefused(Kind.OUTSIDE, "The node refuses: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be locked", e);
        }
    }

    @Override
    public void close() {
        node.close();
    }

    private Deployment begun(DeploymentTerms terms) {
        String genesis = node.block(0)
                .orElseThrow(() -> new ChainFailure("The node has no block 0"))
                .hash();
        if (!Files.exists(file)) {
            return new Deployment(Deployment.SCHEMA, chainId, genesis, signer.address(), terms.told(), List.of());
        }
        Deployment found = Deployment.read(file);
        if (found.chainId() != chainId || !found.genesis().equals(genesis)) {
            throw new DeploymentRefused(
                    Kind.MISUSE,
                    file + " is of another chain: it says " + found.chainId() + " with genesis " + found.genesis()
                            + ", the node " + chainId + " with " + genesis);
        }
        if (!found.deployer().equals(signer.address())) {
            throw new DeploymentRefused(
                    Kind.MISUSE,
                    file + " was begun by " + found.deployer() + ", the keystore holds " + signer.address());
        }
        if (!found.terms().equals(terms.told())) {
            throw new DeploymentRefused(
                    Kind.DIFFERS,
                    file + " was begun with other terms, found " + found.terms() + ", expected " + terms.told());
        }
        return found;
    }

    private Deployment ensured(Deployment done, DeploymentPlan.Step step) {
        String data = data(done, step);
        String payload = Hex.keccak(Hex.bytes(data));
        Deployment.Step known = done.step(step.name()).orElse(null);
        if (known != null && !known.payload().equals(payload)) {
            throw new DeploymentRefused(
                    Kind.DIFFERS,
                    step.name() + " in " + file + " comes from other code or arguments: found " + known.payload()
                            + ", expected " + payload + "; another set needs another --out");
        }
        if (known != null && step instanceof Create && known.block() != null && hasItsCode(known)) {
            return done;
        }
        Optional<Node.Receipt> receipt = known == null ? Optional.empty() : node.receipt(known.transaction());
        if (known != null && receipt.isEmpty() && isLongDone(known)) {
            return done;
        }
        if (known == null || receipt.isPresent() && !receipt.get().succeeded()) {
            known = signed(done, step, data, payload);
            done = done.with(known);
            sent++;
            done.write(file); // before the first byte leaves
            receipt = Optional.empty();
        }
        Node.Receipt mined = receipt.isPresent() ? receipt.get() : sent(known);
        Deployment.Step settled =
                known.inBlock(mined.blockNumber(), step instanceof Create ? Hex.keccak(code(known)) : null);
        if (!settled.equals(known)) {
            done = done.with(settled);
            done.write(file);
        }
        return done;
    }

    /** A node may forget old receipts: what the file saw in a block that is final by now, and whose nonce is used, is done. */
    private boolean isLongDone(Deployment.Step step) {
        Long block = step.block();
        return block != null
                && node.finalized().filter(last -> last.number() >= block).isPresent()
                && node.nonceOf(signer.address()) > step.nonce()
                && (step.codeHash() == null || hasItsCode(step));
    }

    private static String data(Deployment done, DeploymentPlan.Step step) {
        return switch (step) {
            case Create create ->
                ContractAbi.of(create.name()).deployment(create.arguments().apply(done));
            case Call call -> call.call().apply(done).data();
        };
    }

    private Deployment.Step signed(Deployment done, DeploymentPlan.Step step, String data, String payload) {
        String to = step instanceof Call call ? done.address(call.contract()) : "";
        long estimate = to.isEmpty()
                ? node.estimateCreation(signer.address(), data)
                : node.estimateGas(signer.address(), to, data);
        long gas = estimate + estimate / 5;
        Fees fees = Fees.over(node.latest().baseFee(), TIP);
        BigInteger most = fees.maxFee().multiply(BigInteger.valueOf(gas));
        BigInteger held = node.wei(signer.address());
        if (held.compareTo(most) < 0) {
            throw new DeploymentRefused(
                    Kind.OUTSIDE,
                    signer.address() + " holds " + held + " wei, and " + step.name() + " may take up to " + most
                            + ": send it some and run the same again");
        }
        long nonce = node.nonceOf(signer.address());
        SignedTransaction signed = signer.sign(new UnsignedTransaction(chainId, nonce, to, data, gas, fees));
        List<String> arguments = step instanceof Create create
                ? create.arguments().apply(done).stream().map(String::valueOf).toList()
                : List.of();
        return new Deployment.Step(
                step.name(),
                to.isEmpty() ? created(nonce) : to,
                arguments,
                nonce,
                payload,
                signed.hash(),
                signed.raw(),
                null,
                null);
    }

    /** Sends what was written, as often as it takes; the chain alone says what became of it. */
    private Node.Receipt sent(Deployment.Step step) {
        for (int round = 0; round < waiting.rounds(); round++) {
            if (!node.knows(step.transaction())) {
                requireOwnNonce(step);
                send(step);
            }
            Optional<Node.Receipt> receipt = node.receipt(step.transaction());
            if (receipt.isPresent() && receipt.get().succeeded()) {
                return receipt.get();
            }
            if (receipt.isPresent()) {
                throw new DeploymentRefused(
                        Kind.OUTSIDE,
                        step.name() + " was reverted in " + step.transaction() + "; run the same again to try anew");
            }
            waiting.pause().run();
        }
        throw new DeploymentRefused(
                Kind.OUTSIDE,
                "No block has taken " + step.name() + " (" + step.transaction() + ") yet: run the same again to go on");
    }

    private void requireOwnNonce(Deployment.Step step) {
        if (node.nonceOf(signer.address()) > step.nonce()) {
            throw new DeploymentRefused(
                    Kind.DIFFERS,
                    "Nonce " + step.nonce() + " of " + signer.address() + ", meant for " + step.name()
                            + ", was used by another transaction than " + step.transaction()
                            + ": begin anew with another --out");
        }
    }

    private void send(Deployment.Step step) {
        try {
            node.send(step.raw());
        } catch (NodeRefusal refusal) {
            if (!refusal.isKnownOrUsed()) {
                throw refusal;
            }
        }
    }

    /** False when there is no code at all: the chain has lost it, and the same bytes bring it back. */
    private boolean hasItsCode(Deployment.Step step) {
        byte[] code = code(step);
        String found = Hex.keccak(code);
        if (code.length > 0 && !found.equals(step.codeHash())) {
            throw new DeploymentRefused(
                    Kind.DIFFERS,
                    step.name() + " at " + step.address() + " has another code than " + file + " says: found " + found
                            + ", expected " + step.codeHash());
        }
        return code.length > 0;
    }

    private byte[] code(Deployment.Step step) {
        return Hex.bytes(node.code(step.address(), Node.LATEST));
    }

    private String created(long nonce) {
        return ContractUtils.generateContractAddress(signer.address(), BigInteger.valueOf(nonce))
                .toLowerCase(Locale.ROOT);
    }

    private static TransactionSigner signer(Path keystore, Path passwordFile) {
        try {
            return Keystore.open(keystore, passwordFile);
        } catch (UncheckedIOException | IllegalStateException e) {
            throw new DeploymentRefused(Kind.MISUSE, String.valueOf(e.getMessage()));
        }
    }

    private FileChannel lockFile() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        return FileChannel.open(
                file.resolveSibling(file.getFileName() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** Held until the channel is closed. */
    private void requireLock(FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new DeploymentRefused(Kind.MISUSE, "Another run is writing " + file);
        }
    }
}
