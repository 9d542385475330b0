package io.sluice.bank.iso20022;

import io.sluice.bank.UnreadableMessage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamConstants;
import org.jspecify.annotations.Nullable;

/**
 * Reads camt.052, camt.053 and camt.054, versions 01 to 13, from the bytes of a file: alone, or inside an envelope with a business
 * application header.
 *
 * <p>The file is streamed: memory does not grow with the number of entries. A file is refused as a whole, by an {@link
 * UnreadableMessage} whose reason is one of {@code dtd-forbidden}, {@code not-xml}, {@code truncated}, {@code not-camt}, {@code
 * unsupported-version}, {@code namespace-mismatch}, {@code several-documents}, {@code duplicate-element}, {@code too-deep}, {@code too-large}, {@code
 * not-readable}. Anything smaller is a {@link Finding} on the entry or report that has it. Safe for use by many threads.
 */
public final class CamtReader {

    private static final Pattern NAMESPACE =
            Pattern.compile("urn:iso:std:iso:20022:tech:xsd:(camt\\.(05[234])\\.001\\.([0-9]{2}))");
    private static final int NEWEST_VERSION = 13;

    private final CamtLimits limits;

    public CamtReader() {
        this(CamtLimits.DEFAULT);
    }

    public CamtReader(CamtLimits limits) {
        this.limits = limits;
    }

    /** The whole message in memory. Does not close the stream. */
    public CamtFile read(InputStream bytes) {
        Gathered gathered = new Gathered();
        CamtMessage message = read(bytes, gathered);
        return new CamtFile(message, gathered.reports);
    }

    public CamtFile read(byte[] bytes) {
        return read(new ByteArrayInputStream(bytes));
    }

    /**
     * Tells the handler what the message says while it is read. What was told holds only once this returns: see {@link CamtHandler}.
     * Does not close the stream.
     */
    public CamtMessage read(InputStream bytes, CamtHandler handler) {
        Cursor cursor = new Cursor(bytes, limits);
        String headerDefinition = findDocument(cursor);
        CamtMessage message = readDocument(cursor, handler, headerDefinition);
        while (cursor.next() != XMLStreamConstants.END_DOCUMENT) {
            if (cursor.entering() && cursor.name().equals("Document")) {
                throw new UnreadableMessage(
                        "several-documents", "Line " + cursor.line() + ": a second message in one file");
            }
        }
        return message;
    }

    /** Moves into the Document, wherever an envelope has put it, and gives the MsgDefIdr of the header before it. */
    private static @Nullable String findDocument(Cursor cursor) {
        String root = null;
        String headerDefinition = null;
        while (cursor.next() != XMLStreamConstants.END_DOCUMENT) {
            if (!cursor.entering()) {
                continue;
            }
            if (root == null) {
                root = cursor.name();
            }
            if (cursor.name().equals("Document")) {
                return headerDefinition;
            }
            if (cursor.name().equals("AppHdr")) {
                headerDefinition = cursor.branch().textAt("MsgDefIdr");
            }
        }
        throw new UnreadableMessage(
                "not-camt",
                "Found the root element " + IsoText.quoted(String.valueOf(root))
                        + " and no Document, expected a camt message");
    }

    private CamtMessage readDocument(Cursor cursor, CamtHandler handler, @Nullable String headerDefinition) {
        int line = cursor.line();
        String namespace = cursor.namespace();
        String body = cursor.nextChild() ? cursor.name() : null;
        boolean sameNamespace = body != null && cursor.namespace().equals(namespace);
        Matcher known = NAMESPACE.matcher(namespace);
        if (!known.matches()) {
            throw foreign(line, namespace, body);
        }
        String name = known.group(1);
        CamtMessage.Kind kind = kindOf(known.group(2));
        int version = Integer.parseInt(known.group(3));
        if (version < 1 || version > NEWEST_VERSION) {
            throw new UnreadableMessage(
                    "unsupported-version", "Found " + name + ", expected a version from 01 to " + NEWEST_VERSION);
        }
        if (body == null) {
            throw new UnreadableMessage("not-camt", "Line " + line + ": the Document of " + name + " is empty");
        }
        if (!sameNamespace || !(body.equals(kind.body) || body.equals(kind.body + "V01"))) {
            throw new UnreadableMessage(
                    "namespace-mismatch",
                    "Line " + cursor.line() + ": found " + IsoText.quoted(body) + " under the namespace of " + name
                            + ", expected " + kind.body);
        }
        return readBody(cursor, handler, new CamtMessage(name, kind, null, null, headerDefinition));
    }

    private CamtMessage readBody(Cursor cursor, CamtHandler handler, CamtMessage begun) {
        CamtMessage message = begun;
        boolean headed = false;
        boolean told = false;
        while (cursor.nextChild()) {
            switch (cursor.name()) {
                case "GrpHdr" -> {
                    if (headed) {
                        throw new UnreadableMessage(
                                "duplicate-element", "Line " + cursor.line() + ": a second GrpHdr, expected one");
                    }
                    headed = true;
                    Branch header = cursor.branch();
                    message = new CamtMessage(
                            begun.name(),
                            begun.kind(),
                            header.textAt("MsgId"),
                            header.textAt("CreDtTm"),
                            begun.headerDefinition());
                }
                case "Stmt", "Rpt", "Ntfctn" -> {
                    if (!cursor.name().equals(message.kind().report)) {
                        throw new UnreadableMessage(
                                "namespace-mismatch",
                                "Line " + cursor.line() + ": found " + cursor.name() + " in " + message.name()
                                        + ", expected " + message.kind().report);
                    }
                    if (!told) {
                        handler.message(message);
                        told = true;
                    }
                    new ReportReading(cursor, handler, message).read();
                }
                default -> cursor.skip();
            }
        }
        if (!told) {
            handler.message(message);
        }
        return message;
    }

    private static UnreadableMessage foreign(int line, String namespace, @Nullable String body) {
        Optional<CamtMessage.Kind> looksLike = Stream.of(CamtMessage.Kind.values())
                .filter(kind -> body != null && body.startsWith(kind.body))
                .findFirst();
        String found = namespace.isEmpty() ? "no namespace" : "the namespace " + IsoText.quoted(lastPart(namespace));
        String expected = ", expected urn:iso:std:iso:20022:tech:xsd:camt."
                + looksLike.map(kind -> kind.number).orElse("052, 053 or 054");
        return new UnreadableMessage(
                looksLike.isPresent() ? "namespace-mismatch" : "not-camt",
                "Line " + line + ": found " + found + expected);
    }

    private static String lastPart(String namespace) {
        return namespace.substring(Math.max(namespace.lastIndexOf(':'), namespace.lastIndexOf('/')) + 1);
    }

    private static CamtMessage.Kind kindOf(String number) {
        return Stream.of(CamtMessage.Kind.values())
                .filter(kind -> kind.number.equals(number))
                .findFirst()
                .orElseThrow();
    }

    private static final class Gathered implements CamtHandler {

        private final List<CamtReport> reports = new ArrayList<>();
        private List<CamtEntry> entries = new ArrayList<>();

        @Override
        public void entry(CamtHeader header, CamtEntry entry) {
            entries.add(entry);
        }

        @Override
        public void endReport(CamtHeader header) {
            reports.add(new CamtReport(header, entries));
            entries = new ArrayList<>();
        }
    }
}
