package io.sluice.scenarios;

import io.sluice.platform.BusinessDays;
import io.sluice.scenarios.Story.Row;
import io.sluice.scenarios.Story.Table;
import io.sluice.scenarios.StoryFailed.Difference;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Plays one story from its first table to its last. */
final class Player {

    private static final TableForm HAPPENS =
            TableForm.of(StoryReader.HAPPENS, "day, time, what", "store, amount, payer, times");

    private static final LocalTime EARLIEST_CUT_OFF = LocalTime.of(16, 0);

    private final Stage stage;
    private final Story story;
    private final Cast cast;
    private int sales;

    Player(Stage stage, Story story, int number) {
        this.stage = stage;
        this.story = story;
        this.cast = new Cast(number);
    }

    void play() {
        story.given().forEach(table -> TableForm.check(story.file(), table, Preparation.TABLES));
        story.happens().forEach(table -> TableForm.check(story.file(), table, List.of(HAPPENS)));
        story.follows().forEach(table -> TableForm.check(story.file(), table, Findings.TABLES));
        LocalDate first = stage.dayToCome();
        cast.dayBegins(first);
        Preparation preparation = new Preparation(stage, cast);
        for (Table table : story.given()) {
            each(table, row -> preparation.take(table.name(), row));
        }
        preparation.carryOut();
        stage.begin(first);
        story.happens().forEach(table -> each(table, this::happens));
        judge();
    }

    private void each(Table table, Consumer<Row> action) {
        for (Row row : table.rows()) {
            try {
                action.accept(row);
            } catch (IllegalArgumentException | DateTimeParseException e) {
                throw new StoryUnreadable(story.file(), row.line(), String.valueOf(e.getMessage()));
            } catch (IllegalStateException e) {
                throw new IllegalStateException(
                        story.file().getFileName() + ":" + row.line() + ": " + e.getMessage(), e);
            }
        }
    }

    private void happens(Row row) {
        moveTo(row);
        switch (row.cell("what")) {
            case "sale" -> sale(row);
            case "notices again" -> noticesAgain(row);
            case "cut-off" -> cutOff(row);
            case "day ends" -> {
                stage.endDay();
                cast.dayBegins(stage.bankDay());
            }
            default ->
                throw new IllegalArgumentException(
                        "What happens is one of sale, notices again, cut-off, day ends; was \"" + row.cell("what")
                                + "\"");
        }
    }

    private void moveTo(Row row) {
        if (!row.cell("day").equals(Integer.toString(cast.today()))) {
            throw new IllegalArgumentException(
                    "It is day " + cast.today() + " of the story: a day ends with \"day ends\"");
        }
        if (row.cell("what").equals("day ends")) {
            return; // at midnight, whatever the table says
        }
        Instant time = Stage.at(stage.bankDay(), LocalTime.parse(row.cell("time")));
        if (time.isBefore(stage.sandbox().businessClock().instant())) {
            throw new IllegalArgumentException(
                    "Time goes on: it is " + stage.sandbox().businessClock().instant() + " already");
        }
        stage.sandbox().moveClockTo(time);
        // The engine makes up for a cut-off that nobody played by what it finds then: not by what comes today.
        stage.cutOff(BusinessDays.upTo(stage.bankDay().minusDays(1)));
    }

    /** A deposit on the store's collection account, as often as {@code times} says: each is another payment with another reference. */
    private void sale(Row row) {
        Cast.Store store = cast.store(row.cell("store"));
        Amount amount = Amount.parse(row.cell("amount"));
        for (int i = 0; i < times(row); i++) {
            String reference = cast.id("SALE-" + ++sales);
            stage.sandbox()
                    .deposit(
                            reference,
                            store.collectionAccount(),
                            amount.decimal(),
                            amount.currency(),
                            row.has("payer") ? row.cell("payer") : "Paylane Europe",
                            "SALES " + store.name());
            stage.quiet("sale " + sales);
        }
    }

    private void noticesAgain(Row row) {
        for (int i = 0; i < times(row); i++) {
            stage.sandbox().repeatWebhooks();
            stage.quiet("the notices that were sent again");
        }
    }

    private static int times(Row row) {
        String times = row.has("times") ? row.cell("times") : "1";
        if (!times.matches("[1-9][0-9]?")) {
            throw new IllegalArgumentException("\"times\" is a number from 1 to 99, was \"" + times + "\"");
        }
        return Integer.parseInt(times);
    }

    private void cutOff(Row row) {
        if (LocalTime.parse(row.cell("time")).isBefore(EARLIEST_CUT_OFF)) {
            throw new IllegalArgumentException("The engine's cut-off is at " + EARLIEST_CUT_OFF);
        }
        LocalDate day = stage.bankDay();
        stage.cutOff(day);
    }

    private void judge() {
        Findings findings = new Findings(stage, cast);
        List<Difference> differences = new ArrayList<>();
        for (Table table : story.follows()) {
            differences.addAll(findings.of(table.name()).differences(table));
        }
        if (!differences.isEmpty()) {
            throw new StoryFailed(story, differences);
        }
    }
}
