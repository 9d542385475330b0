package io.sluice.bank.iso20022;

import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.exc.WstxEOFException;
import com.ctc.wstx.stax.WstxInputFactory;
import io.sluice.bank.UnreadableMessage;
import java.io.CharConversionException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.HashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Goes through the bytes of an XML file element by element, within the limits. It reads no DTD, no entity and no other file, and turns
 * every fault into an {@link UnreadableMessage}.
 */
final class Cursor {

    /** Bytes of one name, tag, comment or piece of text, as a multiple of the longest text allowed: an escaped character takes several. */
    private static final int BYTES_PER_CHARACTER = 8;

    private final XMLStreamReader xml;
    private final CamtLimits limits;
    private final Counted counted;
    private int depth;
    private boolean inRoot;

    Cursor(InputStream bytes, CamtLimits limits) {
        this.limits = limits;
        try {
            this.counted = new Counted(start(bytes), limits.bytes(), (long) limits.textLength() * BYTES_PER_CHARACTER);
            // A factory remembers names for the next file; so that hostile names are forgotten, each file has its own.
            this.xml = factory().createXMLStreamReader(counted);
        } catch (XMLStreamException e) {
            throw unreadable(e);
        } catch (IOException e) {
            throw new UnreadableMessage("not-readable", "The file could not be read: " + e.getMessage());
        }
    }

    private static WstxInputFactory factory() {
        WstxInputFactory factory = new WstxInputFactory();
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setProperty(WstxInputProperties.P_LAZY_PARSING, false);
        factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTES_PER_ELEMENT, 64);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("No other file is read");
        });
        return factory;
    }

    /** Drops a UTF-8 byte order mark and blank lines before the declaration; other encodings go through as they are. */
    private static InputStream start(InputStream bytes) throws IOException {
        PushbackInputStream in = new PushbackInputStream(bytes, 3);
        byte[] mark = in.readNBytes(3);
        boolean utf8 = mark.length == 3 && mark[0] == (byte) 0xEF && mark[1] == (byte) 0xBB && mark[2] == (byte) 0xBF;
        if (!utf8) {
            in.unread(mark);
        }
        int next = in.read();
        while (next == ' ' || next == '\t' || next == '\r' || next == '\n') {
            next = in.read();
        }
        if (next >= 0) {
            in.unread(next);
        }
        return in;
    }

    /** The next start or end of an element, or the end of the file; text, comments and instructions between are passed over. */
    int next() {
        while (true) {
            int event = event();
            if (event == XMLStreamConstants.START_ELEMENT
                    || event == XMLStreamConstants.END_ELEMENT
                    || event == XMLStreamConstants.END_DOCUMENT) {
                return event;
            }
        }
    }

    /** The next child of the element that the cursor stands in; false at its end. */
    boolean nextChild() {
        return next() == XMLStreamConstants.START_ELEMENT;
    }

    /** Passes over the element that the cursor has just entered. */
    void skip() {
        for (int level = 1; level > 0; ) {
            level += next() == XMLStreamConstants.START_ELEMENT ? 1 : -1;
        }
    }

    /** Takes the element that the cursor has just entered, with what is below it in the same namespace. */
    Branch branch() {
        return branch(namespace(), new int[1]);
    }

    private Branch branch(String namespace, int[] count) {
        if (++count[0] > limits.branchElements()) {
            throw new UnreadableMessage(
                    "too-large", "Line " + line() + ": more than " + limits.branchElements() + " elements below one");
        }
        Branch branch = new Branch(name(), attributes(), line());
        StringBuilder text = new StringBuilder();
        while (true) {
            switch (event()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    boolean ours = namespace().equals(namespace);
                    Branch child = branch(namespace(), count);
                    if (ours) {
                        branch.children.add(child);
                    }
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
                    checkLength(text.length());
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    branch.text = text.toString().strip();
                    return branch;
                }
                default -> {}
            }
        }
    }

    private Map<String, String> attributes() {
        int count = xml.getAttributeCount();
        if (count == 0) {
            return Map.of();
        }
        Map<String, String> attributes = HashMap.newHashMap(count);
        for (int i = 0; i < count; i++) {
            checkLength(xml.getAttributeValue(i).length());
            attributes.put(xml.getAttributeLocalName(i), xml.getAttributeValue(i));
        }
        return attributes;
    }

    /** Whether the cursor stands at the start of an element. */
    boolean entering() {
        return xml.getEventType() == XMLStreamConstants.START_ELEMENT;
    }

    String name() {
        return xml.getLocalName();
    }

    String namespace() {
        String uri = xml.getNamespaceURI();
        return uri == null ? "" : uri;
    }

    int line() {
        return xml.getLocation().getLineNumber();
    }

    private void checkLength(int length) {
        if (length > limits.textLength()) {
            throw new UnreadableMessage(
                    "too-large", "Line " + line() + ": a text of more than " + limits.textLength() + " characters");
        }
    }

    private int event() {
        int event;
        counted.beginStep();
        try {
            event = xml.next();
        } catch (XMLStreamException e) {
            throw unreadable(e);
        }
        switch (event) {
            case XMLStreamConstants.DTD -> throw doctype(line());
            case XMLStreamConstants.ENTITY_REFERENCE ->
                throw new UnreadableMessage(
                        "not-xml", "Line " + line() + ": a reference to an entity that XML does not define");
            case XMLStreamConstants.START_ELEMENT -> {
                inRoot = true;
                if (++depth > limits.depth()) {
                    throw new UnreadableMessage(
                            "too-deep", "Line " + line() + ": elements nested deeper than " + limits.depth());
                }
            }
            case XMLStreamConstants.END_ELEMENT -> depth--;
            default -> {}
        }
        return event;
    }

    private UnreadableMessage unreadable(XMLStreamException e) {
        int line = e.getLocation() == null ? 1 : e.getLocation().getLineNumber();
        String detail = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        if (e instanceof WstxEOFException && inRoot) {
            return new UnreadableMessage("truncated", "Line " + line + ": the file ends inside the message");
        }
        // Woodstox tells these apart by their text alone; inside an element only a declaration of a DTD begins with
        // "<!".
        if (detail.contains("DOCTYPE") || detail.startsWith("Unrecognized XML directive")) {
            return doctype(line);
        }
        if (detail.startsWith("Maximum ") || detail.startsWith("Attribute limit")) {
            return new UnreadableMessage("too-large", "Line " + line + ": " + detail);
        }
        if (e.getNestedException() instanceof IOException io && !(io instanceof CharConversionException)) {
            return new UnreadableMessage("not-readable", "The file could not be read: " + io.getMessage());
        }
        return new UnreadableMessage("not-xml", "Line " + line + ": not well-formed XML: " + IsoText.quoted(detail));
    }

    private static UnreadableMessage doctype(int line) {
        return new UnreadableMessage("dtd-forbidden", "Line " + line + ": a DOCTYPE, which a bank message never has");
    }

    /** Refuses a file when it, or one step through it, turns out to be longer than allowed. */
    private static final class Counted extends FilterInputStream {

        private final long limit;
        private final long stepLimit;
        private long count;
        private long step;

        Counted(InputStream in, long limit, long stepLimit) {
            super(in);
            this.limit = limit;
            this.stepLimit = stepLimit;
        }

        void beginStep() {
            step = 0;
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            if (next >= 0) {
                count(1);
            }
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            if (read > 0) {
                count(read);
            }
            return read;
        }

        private void count(int read) {
            count += read;
            step += read;
            if (count > limit) {
                throw new UnreadableMessage("too-large", "The file is longer than " + limit + " bytes");
            }
            if (step > stepLimit) {
                throw new UnreadableMessage(
                        "too-large",
                        "After byte " + (count - step) + ": a name, comment or value of more than " + stepLimit
                                + " bytes");
            }
        }
    }
}
