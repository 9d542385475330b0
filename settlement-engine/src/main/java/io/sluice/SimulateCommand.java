package io.sluice;

import io.sluice.money.Money;
import io.sluice.platform.Rejection;
import io.sluice.routing.Destination;
import io.sluice.routing.RuleDocument;
import io.sluice.routing.RuleFile;
import io.sluice.routing.Simulation;
import io.sluice.routing.Simulation.Undivided;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./sluice simulate}: exit 0, 1 when a rule divides none of the inflows, 2 when a rule or a line of the inflows is not valid, or rules are of two currencies. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = {
            "Divide past or invented inflows by a rule, and say what each destination would get; with --compare, by another one too, and the"
                    + " difference. Starts no engine.",
            "The inflows are CSV lines, valueDate,amount,currency such as 2026-11-23,12.34,EUR, or with two more fields,"
                    + " channel,country; an amount below zero is a refund. A first line with those names is skipped."
        })
final class SimulateCommand implements Callable<Integer> {

    private static final String HEADER = "valueDate,amount,currency";
    private static final String LONG_HEADER = HEADER + ",channel,country";
    private static final int FIELDS = 3;
    private static final int LONG_FIELDS = 5;
    private static final int LONGEST_LINE = 1_000;

    /** What bytes that are not UTF-8 are read as. */
    private static final char REPLACED = '\ufffd';

    @Option(names = "--rule", required = true, description = "The rule document.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path rule;

    @Option(names = "--inflows", required = true, description = "The inflows.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path inflows;

    @Option(
            names = "--compare",
            description = "Another rule document; the difference is what --rule gives more than this one.")
    private @Nullable Path compare;

    @Option(names = "--json", description = "One JSON object, and nothing else, on stdout.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    /** @param name what tells it from the other one: both may be the same version */
    private record Simulated(String name, RuleFile file, RuleDocument rule, Simulation simulation) {

        Map<String, Object> told() {
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("rule", file.hash());
            told.put("version", rule.version());
            told.put("inflows", simulation.inflows());
            told.put("sum", Money.of(simulation.units(), rule.currency()));
            Map<String, Object> divided = new LinkedHashMap<>();
            simulation
                    .divided()
                    .forEach((destination, units) -> divided.put(destination.text(), Money.of(units, rule.currency())));
            told.put("divided", divided);
            Map<String, Object> claims = new LinkedHashMap<>();
            simulation.byClaim().forEach((claim, units) -> claims.put(claim, Money.of(units, rule.currency())));
            told.put("claims", claims);
            told.put("refunds", Money.of(simulation.refunds(), rule.currency()));
            told.put("arrears", Money.of(simulation.arrears(), rule.currency()));
            told.put("givenAhead", Money.of(simulation.givenAhead(), rule.currency()));
            told.put("deferred", Money.of(simulation.deferred(), rule.currency()));
            List<Map<String, Object>> undivided = new ArrayList<>();
            for (Undivided left : simulation.undivided()) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("reason", left.reason());
                one.put("inflows", left.inflows());
                one.put("amount", Money.of(left.units(), left.currency()));
                undivided.add(one);
            }
            told.put("undivided", undivided);
            return told;
        }
    }

    @Override
    public Integer call() throws IOException {
        try {
            List<Simulated> both = new ArrayList<>(List.of(simulated(compare == null ? "" : "--rule, ", rule)));
            if (compare != null) {
                Simulated other = simulated("--compare, ", compare);
                String currency = both.getFirst().rule().currency();
                if (!other.rule().currency().equals(currency)) {
                    throw new Rejection(
                            "simulation-invalid",
                            compare + ": found a rule of " + other.rule().currency() + ", expected one of " + currency
                                    + " to compare with");
                }
                both.add(other);
            }
            read(both);
            spec.commandLine().getOut().println(json ? asJson(both) : inWords(both));
            spec.commandLine().getOut().flush();
            return both.stream().allMatch(this::dividesSome) ? 0 : 1;
        } catch (Rejection refused) {
            spec.commandLine().getErr().println(refused.getMessage());
            return 2;
        }
    }

    /** Says so where it does not: a result of nothing proves nothing. */
    private boolean dividesSome(Simulated one) {
        Simulation simulation = one.simulation();
        boolean some = simulation.inflows() > 0 || simulation.refunds().signum() > 0;
        if (!some) {
            spec.commandLine()
                    .getErr()
                    .println(
                            simulation.undivided().isEmpty()
                                    ? inflows + ": found no inflow, expected at least one"
                                    : inflows + ": " + one.name() + " divides none of these inflows: "
                                            + simulation.undivided().stream()
                                                    .map(Undivided::reason)
                                                    .distinct()
                                                    .collect(Collectors.joining(", ")));
        }
        return some;
    }

    private static Simulated simulated(String option, Path file) throws IOException {
        requireFile("rule-invalid", file);
        RuleFile checked = RuleFile.check(Files.readAllBytes(file));
        RuleDocument rule = checked.rule();
        if (rule == null || !checked.valid()) {
            throw new Rejection("rule-invalid", file + ": " + String.join("; ", checked.findings()));
        }
        return new Simulated(option + "version " + rule.version(), checked, rule, new Simulation(rule));
    }

    private static void requireFile(String code, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new Rejection(
                    code,
                    file + " cannot be read: "
                            + (Files.exists(file) ? "it is no regular file" : "there is no such file"));
        }
    }

    private void read(List<Simulated> both) throws IOException {
        requireFile("inflow-invalid", inflows);
        try (BufferedReader file =
                new BufferedReader(new InputStreamReader(Files.newInputStream(inflows), StandardCharsets.UTF_8))) {
            int number = 1;
            for (String line = line(file, number); line != null; line = line(file, ++number)) {
                if (number == 1 && line.startsWith("\ufeff")) { // as spreadsheets write it
                    line = line.substring(1);
                }
                if (!line.isBlank()
                        && !(number == 1
                                && (line.strip().equals(HEADER) || line.strip().equals(LONG_HEADER)))) {
                    take(both, line, number);
                }
            }
        }
    }

    /** The next line; null behind the last one. It is held no longer than an inflow can be. */
    private @Nullable String line(BufferedReader file, int number) throws IOException {
        int c = file.read();
        if (c < 0) {
            return null;
        }
        StringBuilder line = new StringBuilder();
        for (; c >= 0 && c != '\n' && c != '\r'; c = file.read()) {
            if (c == REPLACED) {
                throw wrong(number, "found bytes that are not UTF-8, expected text");
            }
            if (line.length() == LONGEST_LINE) {
                throw wrong(
                        number,
                        "found more than " + LONGEST_LINE + " characters, expected " + HEADER + " or " + LONG_HEADER);
            }
            line.append((char) c);
        }
        file.mark(1);
        if (c == '\r' && file.read() != '\n') {
            file.reset();
        }
        return line.toString();
    }

    private Rejection wrong(int number, @Nullable String what) {
        return new Rejection("inflow-invalid", inflows + ", line " + number + ": " + what);
    }

    private void take(List<Simulated> both, String line, int number) {
        String[] fields = line.split(",", -1);
        if (fields.length != FIELDS && fields.length != LONG_FIELDS) {
            throw wrong(number, "found " + fields.length + " fields, expected " + HEADER + " or " + LONG_HEADER);
        }
        try {
            LocalDate day = day(fields[0].strip());
            String currency = fields[2].strip();
            BigInteger units = BigInteger.valueOf(Money.unitsOf(fields[1].strip(), currency));
            String channel = fields.length == LONG_FIELDS && !fields[3].isBlank() ? fields[3].strip() : null;
            String country = fields.length == LONG_FIELDS && !fields[4].isBlank() ? fields[4].strip() : null;
            both.forEach(one -> one.simulation().add(day, units, currency, channel, country));
        } catch (IllegalArgumentException | Rejection wrong) {
            throw wrong(number, wrong.getMessage());
        }
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException notOne) {
            throw new IllegalArgumentException(
                    "valueDate: found " + text + ", expected a day such as 2026-11-23, without quotes");
        }
    }

    private static String asJson(List<Simulated> both) {
        Map<String, Object> told = both.getFirst().told();
        if (both.size() > 1) {
            told.put("compared", both.getLast().told());
            Map<String, Object> difference = new LinkedHashMap<>();
            for (Destination destination : destinations(both)) {
                difference.put(
                        destination.text(),
                        Money.of(
                                difference(both, destination),
                                both.getFirst().rule().currency()));
            }
            told.put("difference", difference);
        }
        return new JsonMapper().writeValueAsString(told);
    }

    private static String inWords(List<Simulated> both) {
        Simulated first = both.getFirst();
        String currency = first.rule().currency();
        StringBuilder words = new StringBuilder()
                .append(String.format(
                        "%d inflows of %s%n",
                        first.simulation().inflows(),
                        Money.of(first.simulation().units(), currency)));
        if (first.simulation().refunds().signum() > 0) {
            words.append(
                    String.format("refunds of %s%n", Money.of(first.simulation().refunds(), currency)));
        }
        if (both.size() > 1) {
            words.append(String.format("  %-20s %20s %20s %20s%n", "", "by --rule", "by --compare", "difference"));
        }
        for (Destination destination : destinations(both)) {
            words.append(String.format(
                    "  %-20s %20s",
                    destination.text(),
                    Money.of(first.simulation().divided().getOrDefault(destination, BigInteger.ZERO), currency)));
            if (both.size() > 1) {
                BigInteger other = both.getLast().simulation().divided().getOrDefault(destination, BigInteger.ZERO);
                words.append(String.format(
                        " %20s %20s", Money.of(other, currency), Money.of(difference(both, destination), currency)));
            }
            words.append(System.lineSeparator());
        }
        for (Simulated one : both) {
            one.simulation()
                    .undivided()
                    .forEach(left -> words.append(String.format(
                            "  not divided by %s: %d inflows of %s (%s)%n",
                            one.name(), left.inflows(), Money.of(left.units(), left.currency()), left.reason())));
            if (one.simulation().deferred().signum() > 0) {
                words.append(String.format(
                        "  royalty that waits for a later ceiling, %s: %s%n",
                        one.name(), Money.of(one.simulation().deferred(), currency)));
            }
            if (one.simulation().givenAhead().signum() > 0) {
                words.append(String.format(
                        "  royalty given of what was refunded since, off the next inflows, %s: %s%n",
                        one.name(), Money.of(one.simulation().givenAhead(), currency)));
            }
            if (one.simulation().arrears().signum() > 0) {
                words.append(String.format(
                        "  royalty due and not covered, %s: %s%n",
                        one.name(), Money.of(one.simulation().arrears(), currency)));
            }
        }
        return words.toString().stripTrailing();
    }

    private static TreeSet<Destination> destinations(List<Simulated> both) {
        TreeSet<Destination> all = new TreeSet<>();
        both.forEach(one -> all.addAll(one.simulation().divided().keySet()));
        return all;
    }

    private static BigInteger difference(List<Simulated> both, Destination destination) {
        return both.getFirst()
                .simulation()
                .divided()
                .getOrDefault(destination, BigInteger.ZERO)
                .subtract(both.getLast().simulation().divided().getOrDefault(destination, BigInteger.ZERO));
    }
}
