package io.sluice.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.scenarios.Story.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoryReaderTest {

    private static final String PAGE = """
            # A rule

            It matters.

            ## Given

            ### Stores

            | store | agreement |
            |-------|-----------|
            | Shop  | Deal      |

            ## What happens

            | day | time  | what    |
            |-----|-------|---------|
            | 1   | 16:00 | cut-off |

            ## What must follow

            ### Legs

            | inflow | leg     | amount   |
            |--------|---------|----------|
            | 1      | royalty | 1.00 EUR |
            """;

    @TempDir
    private Path dir;

    private Story read(String page) throws IOException {
        return StoryReader.read(Files.writeString(dir.resolve("page.md"), page));
    }

    @Test
    void readsTitleReasonAndTables() throws IOException {
        Story story = read(PAGE);
        assertThat(story.title()).isEqualTo("A rule");
        assertThat(story.why()).isEqualTo("It matters.");
        Table stores = story.given().getFirst();
        assertThat(stores.name()).isEqualTo("Stores");
        assertThat(stores.rows().getFirst().cell("agreement")).isEqualTo("Deal");
        assertThat(stores.rows().getFirst().line()).isEqualTo(11);
        assertThat(story.happens().getFirst().name()).isEqualTo("What happens");
    }

    @Test
    void refusesAnUnknownSection() {
        assertThatThrownBy(() -> read(PAGE.replace("## Given", "## Known")))
                .hasMessage(
                        "page.md:5: A story has the sections Given, What happens and What must follow, not \"Known\"");
    }

    @Test
    void refusesAMissingSection() {
        assertThatThrownBy(() -> read(PAGE.substring(0, PAGE.indexOf("## What must"))))
                .hasMessageContaining("There is no table under \"## What must follow\"");
    }

    @Test
    void refusesARowWithAnotherNumberOfCells() {
        assertThatThrownBy(() -> read(PAGE.replace("| Shop  | Deal      |", "| Shop |")))
                .hasMessage("page.md:11: Table \"Stores\" has 2 columns, this row 1 cells");
    }

    @Test
    void refusesATableTwice() {
        assertThatThrownBy(() -> read(PAGE + "\n| inflow |\n|--|\n"))
                .hasMessageContaining("There are two tables \"Legs\"");
    }

    @Test
    void refusesAnUnknownTable() throws IOException {
        Story story = read(PAGE.replace("### Stores", "### Shops"));
        assertThatThrownBy(() -> TableForm.check(story.file(), story.given().getFirst(), Preparation.TABLES))
                .isInstanceOf(StoryUnreadable.class)
                .hasMessage(
                        "page.md:9: There is no table \"Shops\" here; known are [Agreement, Stores, Holders, Minimum payout]");
    }

    @Test
    void refusesAnUnknownColumn() throws IOException {
        Story story = read(PAGE.replace("| inflow | leg     | amount   |", "| inflow | leg     | sum      |"));
        assertThatThrownBy(() -> TableForm.check(story.file(), story.follows().getFirst(), Findings.TABLES))
                .hasMessage("page.md:23: Table \"Legs\" knows no column \"sum\"; known are [inflow, leg, amount]");
    }

    @Test
    void refusesATableWithoutAColumnThatItNeeds() throws IOException {
        Story story = read(PAGE.replace(
                "| store | agreement |\n|-------|-----------|\n| Shop  | Deal      |", "| store |\n|---|\n| Shop |"));
        assertThatThrownBy(() -> TableForm.check(story.file(), story.given().getFirst(), Preparation.TABLES))
                .hasMessage("page.md:9: Table \"Stores\" needs the column \"agreement\"");
    }

    @Test
    void everyStoryThatWeHaveCanBeRead() throws IOException {
        try (var files = Files.list(Path.of("stories"))) {
            List<Story> stories = files.map(StoryReader::read).toList();
            assertThat(stories).hasSizeGreaterThanOrEqualTo(3);
        }
    }
}
