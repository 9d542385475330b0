package io.sluice.bench;

import com.ctc.wstx.stax.WstxInputFactory;
import io.sluice.bank.iso20022.CamtDialect;
import io.sluice.bank.iso20022.CamtEntry;
import io.sluice.bank.iso20022.CamtHandler;
import io.sluice.bank.iso20022.CamtHeader;
import io.sluice.bank.iso20022.CamtReader;
import io.sluice.bank.iso20022.StatementProof;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Reads a statement three times in a process of its own, for {@link W3Command}: the first time with everything still to be loaded and
 * compiled, the last time as an engine reads that has run for a while. Prints a line {@code entries nanos cpuNanos peakHeapBytes} each.
 */
@Command(name = "camt-read", hidden = true)
final class CamtRead implements Callable<Integer> {

    static final int PASSES = 3;

    @Parameters(paramLabel = "FILE")
    private Path file = Path.of("");

    @Option(names = "--bare", description = "only go through the XML")
    private boolean bare;

    @Override
    public Integer call() throws IOException, XMLStreamException {
        for (int pass = 0; pass < PASSES; pass++) {
            long cpu = cpuNanos();
            long start = System.nanoTime();
            int entries = bare ? bare() : booked();
            long nanos = System.nanoTime() - start;
            System.out.println(entries + " " + nanos + " " + (cpuNanos() - cpu) + " " + peakHeap());
        }
        return 0;
    }

    /** As the engine reads: every entry checked and as it crosses the port, and the statement's arithmetic proved. */
    private int booked() throws IOException {
        Booking booking = new Booking();
        try (InputStream in = Files.newInputStream(file)) {
            new CamtReader().read(in, booking);
        }
        return booking.entries;
    }

    private static final class Booking implements CamtHandler {

        private @Nullable StatementProof proof;
        private int entries;

        @Override
        public void startReport(CamtHeader header) {
            proof = new StatementProof(header.message().kind());
        }

        @Override
        public void entry(CamtHeader header, CamtEntry entry) {
            if (proof != null) {
                proof.add(entry);
            }
            entries += entry.toBankEntry(header, CamtDialect.TERSE_STATEMENTS)
                    .amount()
                    .signum();
        }

        @Override
        public void endReport(CamtHeader header) {
            if (proof == null || !proof.conclude(header).balances()) {
                throw new IllegalStateException("The statement does not balance");
            }
        }
    }

    /** The limit: the same parser over the same bytes, every name and text looked at and nothing made of it. */
    private int bare() throws IOException, XMLStreamException {
        XMLInputFactory factory = new WstxInputFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        int entries = 0;
        long characters = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            while (xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("Ntry")) {
                    entries++;
                } else if (event == XMLStreamConstants.CHARACTERS) {
                    characters += xml.getTextLength();
                }
            }
        }
        if (characters == 0) {
            throw new IllegalStateException("There was no text");
        }
        return entries;
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }

    /** The peaks of the heap's parts, summed: never less than the peak of the whole. */
    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }
}
