package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;

class PhrasesTest {

    private static final Pattern PART = Pattern.compile("\\{(\\d)}");

    /** What only one language has would be said in the other, or without an amount. A choice of words by a number is not a part. */
    @Test
    void bothLanguagesHaveTheSamePhrasesOfTheSameParts() throws IOException {
        assertThat(parts("messages_zh.properties")).isEqualTo(parts("messages.properties"));
    }

    /** Without a part nothing reads the phrase as a pattern, in which an apostrophe is written twice. */
    @Test
    void noPhraseWithoutPartsHasADoubledApostrophe() throws IOException {
        for (String file : List.of("messages.properties", "messages_zh.properties")) {
            phrases(file)
                    .forEach((key, phrase) -> assertThat(phrase.toString().contains("''")
                                    && !phrase.toString().contains("{0"))
                            .as(key.toString())
                            .isFalse());
        }
    }

    @Test
    void joinsThingsInTheirOrder() {
        assertThat(english().join("list.and", List.of("a"))).isEqualTo("a");
        assertThat(english().join("list.and", List.of("a", "b", "c"))).isEqualTo("a and b and c");
    }

    @Test
    void saysNumbersAsTheyAre() {
        assertThat(english().say("because.rest", "rest", "fee 1{0}", 1_234_567))
                .isEqualTo("\"rest\" is what remains of it after fee 1{0}: 1234567.");
    }

    private static Phrases english() {
        return TestPhrases.in(Locale.ENGLISH);
    }

    private static Properties phrases(String file) throws IOException {
        Properties phrases = new Properties();
        try (Reader reader =
                new java.io.InputStreamReader(new ClassPathResource(file).getInputStream(), StandardCharsets.UTF_8)) {
            phrases.load(reader);
        }
        return phrases;
    }

    /** By key; how often and where a part is said is the language's own. */
    private static TreeMap<String, List<String>> parts(String file) throws IOException {
        TreeMap<String, List<String>> parts = new TreeMap<>();
        phrases(file)
                .forEach((key, phrase) -> parts.put(
                        key.toString(),
                        PART.matcher(phrase.toString())
                                .results()
                                .map((MatchResult part) -> part.group(1))
                                .distinct()
                                .sorted()
                                .toList()));
        return parts;
    }
}
