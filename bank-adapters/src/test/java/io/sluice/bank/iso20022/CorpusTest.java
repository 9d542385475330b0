package io.sluice.bank.iso20022;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Messages of real banks, compared with what an independent reader found in them. Skipped where the corpus is not. */
class CorpusTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<JsonNode> EXPECTED = new ArrayList<>();
    private static Path corpus = Path.of("");

    @BeforeAll
    static void findsTheCorpus() throws IOException {
        String folder = System.getProperty("sluice.corpus", "");
        if (folder.isBlank()) {
            System.out.println("CorpusTest is skipped: -Dsluice.corpus=FOLDER names the bank messages to read");
        }
        Assumptions.assumeFalse(folder.isBlank(), "sluice.corpus names no folder");
        corpus = Path.of(folder);
        for (String line : Files.readAllLines(corpus.resolve("expected.jsonl"))) {
            EXPECTED.add(JSON.readTree(line));
        }
    }

    @Test
    void readsEveryAccountMessageAsTheIndependentReaderDid() {
        List<String> differences = new ArrayList<>();
        int equal = 0;
        for (JsonNode expected : EXPECTED) {
            if (expected.has("error")) {
                continue;
            }
            ObjectNode found = summarize(expected.get("file").stringValue()).json();
            found.remove("findings");
            if (found.equals(expected)) {
                equal++;
            } else {
                differences.add(found + "\n  expected " + expected);
            }
        }
        System.out.println("Corpus: " + equal + " of " + (equal + differences.size()) + " equal");
        assertThat(differences).isEmpty();
        assertThat(equal).isEqualTo(476);
    }

    @Test
    void refusesEveryOtherMessageWithAReason() {
        for (JsonNode expected : EXPECTED) {
            if (expected.has("error")) {
                String file = expected.get("file").stringValue();
                assertThat(summarize(file))
                        .as(file)
                        .isInstanceOfSatisfying(
                                CamtSummary.Refused.class,
                                refused -> assertThat(refused.reason()).isEqualTo("not-camt"));
            }
        }
    }

    @Test
    void showsThatTheDailyStatementsOfAPaymentInstitutionBalance() {
        List<String> wrong = new ArrayList<>();
        for (JsonNode expected : EXPECTED) {
            String file = expected.get("file").stringValue();
            if (!file.startsWith("subite/")
                    || !expected.path("message").stringValue("").startsWith("camt.053.001.08")) {
                continue;
            }
            if (summarize(file) instanceof CamtSummary.Read read) {
                read.reports().stream()
                        .filter(report -> !report.proof().balances())
                        .forEach(
                                report -> wrong.add(file + ": " + report.proof().findings()));
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static CamtSummary summarize(String file) {
        try (InputStream bytes = Files.newInputStream(corpus.resolve(file))) {
            return CamtSummary.of(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
