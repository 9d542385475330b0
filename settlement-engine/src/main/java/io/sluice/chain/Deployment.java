package io.sluice.chain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The contracts that were put on a chain, as their file tells it. Every transaction is written here before it is sent, so the file says at
 * least as much as the chain.
 *
 * @param genesis hash of block 0, which tells chains with one id apart
 * @param deployer address that signed
 * @param terms roles and numbers, as they were asked for
 */
public record Deployment(
        String schema, long chainId, String genesis, String deployer, Map<String, String> terms, List<Step> steps) {

    static final String SCHEMA = "sluice/deployment/1";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public Deployment {
        terms = Collections.unmodifiableSortedMap(new TreeMap<>(terms));
        steps = List.copyOf(steps);
    }

    /**
     * One transaction of the deployment.
     *
     * @param name the contract that it creates, or what it does
     * @param address the contract that it creates or calls
     * @param arguments what the constructor was told; empty for a call
     * @param payload keccak-256 of the transaction's data
     * @param raw its signed bytes
     * @param codeHash of the code at the address, for a creation that is in a block
     * @param block that it is in; null as long as it is not known to be in one
     */
    public record Step(
            String name,
            String address,
            List<String> arguments,
            long nonce,
            String payload,
            String transaction,
            String raw,
            @Nullable String codeHash,
            @Nullable Long block) {

        Step inBlock(long number, @Nullable String hashOfCode) {
            return new Step(name, address, arguments, nonce, payload, transaction, raw, hashOfCode, number);
        }
    }

    /** Throws {@link DeploymentRefused} for a file that is none of ours. */
    public static Deployment read(Path file) {
        try {
            Deployment deployment = JSON.readValue(Files.readString(file), Deployment.class);
            if (!SCHEMA.equals(deployment.schema())) {
                throw new DeploymentRefused(
                        DeploymentRefused.Kind.MISUSE,
                        file + " is not a deployment of ours: its schema is " + deployment.schema() + ", expected "
                                + SCHEMA);
            }
            return deployment;
        } catch (JacksonException | NullPointerException e) {
            throw new DeploymentRefused(DeploymentRefused.Kind.MISUSE, file + " is not a deployment of ours");
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /** Throws {@link IllegalArgumentException} for a contract that the deployment does not have. */
    public String address(String contract) {
        return step(contract)
                .map(Step::address)
                .orElseThrow(() -> new IllegalArgumentException("The deployment has no " + contract));
    }

    Optional<Step> step(String name) {
        return steps.stream().filter(step -> step.name().equals(name)).findFirst();
    }

    /** With this step, in the place of the one of its name. */
    Deployment with(Step step) {
        List<Step> next = new ArrayList<>(steps);
        int at = step(step.name()).map(steps::indexOf).orElse(-1);
        if (at < 0) {
            next.add(step);
        } else {
            next.set(at, step);
        }
        return new Deployment(schema, chainId, genesis, deployer, terms, next);
    }

    /** Whole or not at all, and on the disk when this returns. */
    void write(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
            try (FileChannel channel = FileChannel.open(
                    beside,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(this));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }
}
