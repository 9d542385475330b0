package io.sluice.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Whether the committed artifacts come from the committed sources: the quick half of what -Pcontracts proves by compiling. */
class ContractArtifactsTest {

    @ParameterizedTest
    @CsvSource({
        "src/main/solidity, src/main/resources/contracts/manifest.json",
        "src/test/solidity, src/test/resources/contracts/manifest.json"
    })
    void areNotOlderThanTheirSources(Path sources, Path manifest) throws IOException {
        var contracts = new JsonMapper().readTree(manifest.toFile()).get("contracts");

        assertThat(contracts.size()).isPositive();
        for (var contract : contracts) {
            Path source = sources.resolve(contract.get("source").asString());
            assertThat(contract.get("sourceSha256").asString())
                    .as("%s was changed: run `npm ci && npm run build` in src/main/solidity", source)
                    .isEqualTo(sha256(Files.readAllBytes(source)));
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
