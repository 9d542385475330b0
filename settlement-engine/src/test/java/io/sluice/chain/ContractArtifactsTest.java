package io.sluice.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether the committed artifacts come from the committed sources: the quick half of what -Pcontracts proves by compiling. */
class ContractArtifactsTest {

    private static final String REMEDY =
            ": run `npm ci && npm run build` in settlement-engine/src/main/solidity and commit";

    @ParameterizedTest
    @CsvSource({"src/main/solidity, src/main/resources/contracts", "src/test/solidity, src/test/resources/contracts"})
    void comeFromTheirSources(Path sources, Path artifacts) throws IOException {
        assertThat(stale(sources, artifacts)).isEmpty();
    }

    @Test
    void aChangedSourceIsToldWithWhatToRun(@TempDir Path folder) throws IOException {
        copy(Path.of("src/main/solidity"), folder, ".sol");
        Path artifacts = Path.of("src/main/resources/contracts");
        Path changed = folder.resolve("RoyaltyDistributor.sol");
        Files.writeString(changed, Files.readString(changed) + "\n// changed\n");
        Files.writeString(folder.resolve("New.sol"), "contract New {}");

        assertThat(stale(folder, artifacts))
                .containsExactlyInAnyOrder(
                        "RoyaltyDistributor.sol was changed and not rebuilt" + REMEDY,
                        "New.sol has no artifact" + REMEDY);
    }

    @Test
    void aChangedArtifactIsToldWithWhatToRun(@TempDir Path folder) throws IOException {
        copy(Path.of("src/main/resources/contracts"), folder, "");
        Files.writeString(folder.resolve("PolicyGuard.bin"), "60806040\n");

        assertThat(stale(Path.of("src/main/solidity"), folder))
                .containsExactly("PolicyGuard.bin is not what PolicyGuard.sol gave" + REMEDY);
    }

    /** A sentence for each artifact that is not its source's; empty when all are. */
    private static List<String> stale(Path sources, Path artifacts) throws IOException {
        JsonNode contracts = new JsonMapper()
                .readTree(artifacts.resolve("manifest.json").toFile())
                .get("contracts");
        List<String> stale = new ArrayList<>();
        for (String source : names(sources, ".sol")) {
            String name = source.substring(0, source.length() - ".sol".length());
            if (source.endsWith(".t.sol")) {
                continue; // a test, which forge compiles for itself
            }
            JsonNode contract = contracts.get(name);
            if (contract == null) {
                stale.add(source + " has no artifact" + REMEDY);
            } else if (!sha256(sources.resolve(source))
                    .equals(contract.get("sourceSha256").asString())) {
                stale.add(source + " was changed and not rebuilt" + REMEDY);
            } else {
                for (String kind : List.of("abi", "bin")) {
                    Path artifact = artifacts.resolve(name + "." + kind);
                    if (!sha256(artifact).equals(contract.get(kind + "Sha256").asString())) {
                        stale.add(artifact.getFileName() + " is not what " + source + " gave" + REMEDY);
                    }
                }
            }
        }
        return stale;
    }

    private static List<String> names(Path folder, String ending) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static void copy(Path from, Path to, String ending) throws IOException {
        for (String name : names(from, ending)) {
            Files.copy(from.resolve(name), to.resolve(name));
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
