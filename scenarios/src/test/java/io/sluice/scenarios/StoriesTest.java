package io.sluice.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.Sluice;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every page in {@code scenarios/stories}, on one engine. {@code -Dstory=word} plays those whose file name has the word. */
class StoriesTest {

    private static final Path STORIES = Path.of("stories");

    @TempDir
    static Path dir;

    private static Stage stage;

    @BeforeAll
    static void start() {
        stage = Stage.start(dir);
    }

    @AfterAll
    static void theBooksOfAllStoriesAreWhatTheirEventsMake() {
        if (stage != null) {
            stage.close();
            StringWriter said = new StringWriter();
            int exit = new CommandLine(Sluice.class)
                    .setErr(new PrintWriter(said, true))
                    .execute(
                            "rebuild",
                            "--verify",
                            "--data",
                            dir.resolve("sandbox").toString());
            assertThat(exit).as(said.toString()).isZero();
        }
    }

    @TestFactory
    Stream<DynamicTest> story() throws IOException {
        String word = System.getProperty("story", "");
        try (Stream<Path> files = Files.list(STORIES)) {
            List<Path> stories = files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> file.getFileName().toString().contains(word))
                    .sorted()
                    .toList();
            return stories.stream()
                    .map(file -> DynamicTest.dynamicTest(
                            StoryReader.read(file).title(), file.toUri(), () -> stage.play(file)));
        }
    }

    @Test
    void turnsRedAndNamesTheCellWhenOneExpectedNumberIsChanged(@TempDir Path other) throws IOException {
        String story = Files.readString(STORIES.resolve("a-sale-becomes-payouts.md"));
        Path changed = Files.writeString(
                other.resolve("changed.md"),
                story.replace("| 1   | Ben Okafor    | 30.00 EUR |", "| 1   | Ben Okafor    | 30.01 EUR |"));
        assertThatThrownBy(() -> stage.play(changed))
                .isInstanceOf(StoryFailed.class)
                .hasMessageMatching("Story \"A sale becomes payouts\" \\(changed\\.md\\): \n  table \"Entitlements\","
                        + " row 2 \\(day 1, holder Ben Okafor\\), column \"amount\": expected \"30\\.01 EUR\","
                        + " found \"30\\.00 EUR\" \\(line [0-9]+\\)");
    }
}
