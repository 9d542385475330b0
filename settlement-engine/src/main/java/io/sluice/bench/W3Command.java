package io.sluice.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The reading half of reconciliation: a large camt.053 in a small heap, beside a bare pass over the same XML. A process for each, the two
 * in turns; exit 1 when a target is missed.
 */
@Command(
        name = "w3-read",
        mixinStandardHelpOptions = true,
        description = "Reads a camt.053 of 100 000 entries in a heap of 64 MB, beside a bare StAX pass.")
final class W3Command implements Callable<Integer> {

    private static final int ENTRIES_PER_SECOND = 25_000;
    private static final double MEGABYTE = 1024 * 1024;

    @Option(names = "--entries", description = "entries of the statement (default: ${DEFAULT-VALUE})")
    private int entries = 100_000;

    @Option(names = "--heap-mb", description = "of each reading process (default: ${DEFAULT-VALUE})")
    private int heapMegabytes = 64;

    @Option(names = "--rounds", description = "readings of each kind (default: ${DEFAULT-VALUE})")
    private int rounds = 5;

    @Option(names = "--json", description = "one JSON object on standard output, and nothing else")
    private boolean json;

    private record Reading(double seconds, double cpuSeconds, double peakHeapMegabytes) {}

    /** Of the first and the last reading of each process. */
    private static final class Figures {

        private final Series cold = new Series();
        private final Series coldCpu = new Series();
        private final Series warm = new Series();
        private final Series warmCpu = new Series();
        private final Series heap = new Series();

        void add(List<Reading> readings) {
            cold.add(readings.getFirst().seconds());
            coldCpu.add(readings.getFirst().cpuSeconds());
            warm.add(readings.getLast().seconds());
            warmCpu.add(readings.getLast().cpuSeconds());
            heap.add(readings.getLast().peakHeapMegabytes());
        }

        void into(Report report, String name) {
            report.series(name + ", first", cold, "s");
            report.series(name + ", first, CPU", coldCpu, "s");
            report.series(name + ", warm", warm, "s");
            report.series(name + ", warm, CPU", warmCpu, "s");
            report.series(name + ", peak heap", heap, "MB");
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path file = Files.createTempFile("sluice-w3-", ".xml");
        try {
            StatementFile.write(file, entries, 20261123);
            Report report = measure(file);
            report.print(System.out, json);
            return report.met() ? 0 : 1;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private Report measure(Path file) throws IOException, InterruptedException {
        Figures read = new Figures();
        Figures bare = new Figures();
        for (int round = 0; round < rounds; round++) {
            bare.add(read(file, List.of("--bare")));
            read.add(read(file, List.of()));
        }
        Report report = new Report("W3, reading");
        report.number("entries", entries, "");
        report.number("file", Files.size(file) / MEGABYTE, "MB");
        report.number("heap limit", heapMegabytes, "MB");
        read.into(report, "read");
        bare.into(report, "bare StAX");
        report.series("read over bare, first", read.cold.over(bare.cold), "times");
        report.series("read over bare, warm", read.warm.over(bare.warm), "times");
        Series perSecond = new Series();
        read.warm.each(seconds -> perSecond.add(entries / seconds));
        report.series("read, warm, entries per second", perSecond, "");
        report.target(
                "at least " + ENTRIES_PER_SECOND + " entries per second in " + heapMegabytes + " MB",
                perSecond.median() >= ENTRIES_PER_SECOND);
        return report;
    }

    private List<Reading> read(Path file, List<String> how) throws IOException, InterruptedException {
        Process process = Child.java(
                        List.of("-Xmx" + heapMegabytes + "m", "-XX:+UseSerialGC"),
                        List.of("bench", "camt-read", file.toString()),
                        how)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        List<Reading> readings = new ArrayList<>();
        for (String line : process.inputReader(StandardCharsets.UTF_8).lines().toList()) {
            String[] told = line.split(" ", -1);
            if (Integer.parseInt(told[0]) != entries) {
                throw new IllegalStateException("Read " + told[0] + " entries of " + entries + ": the run is void");
            }
            readings.add(new Reading(
                    Long.parseLong(told[1]) / 1e9, Long.parseLong(told[2]) / 1e9, Long.parseLong(told[3]) / MEGABYTE));
        }
        if (process.waitFor() != 0 || readings.size() != CamtRead.PASSES) {
            throw new IllegalStateException("The statement could not be read in " + heapMegabytes + " MB");
        }
        return readings;
    }
}
