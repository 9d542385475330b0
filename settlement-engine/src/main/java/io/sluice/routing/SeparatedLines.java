package io.sluice.routing;

import io.sluice.platform.Rejection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records of a file of separated values (RFC 4180), one at a time: UTF-8, with or without a byte order mark; fields may be quoted, and
 * quoted ones may span lines. {@link Rejection} {@code report-invalid}, with the line, for what is not such a file or beyond its limits.
 */
final class SeparatedLines {

    private static final int MOST_LINES = 200_000;
    private static final int MOST_FIELDS = 200;
    private static final int LONGEST_FIELD = 4_096;
    private static final int END = -1;

    private final PushbackReader in;
    private final char separator;
    private int line = 1;
    private int begin;
    private int records;

    SeparatedLines(byte[] file, char separator) {
        this.separator = separator;
        Reader text = new InputStreamReader(
                new ByteArrayInputStream(file),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        this.in = new PushbackReader(text, 1);
    }

    /** The line that the last record began on; the first is 1. */
    int line() {
        return begin;
    }

    /** The next record that is not an empty line; null at the end. */
    @Nullable
    List<String> next() {
        try {
            List<String> fields;
            do {
                int first = in.read();
                if (first == END) {
                    return null;
                }
                if (first != '\uFEFF' || line > 1) {
                    in.unread(first);
                }
                begin = line;
                fields = record();
            } while (fields.size() == 1 && fields.getFirst().isEmpty());
            if (++records > MOST_LINES) {
                throw wrong("found more records than " + MOST_LINES + ", expected a file of fewer payouts");
            }
            return fields;
        } catch (CharacterCodingException notText) {
            throw wrong("found bytes that are no UTF-8 text");
        } catch (IOException unread) {
            throw new IllegalStateException("Bytes in memory cannot be read", unread);
        }
    }

    private List<String> record() throws IOException {
        List<String> fields = new ArrayList<>();
        while (true) {
            StringBuilder field = new StringBuilder();
            int end = field(field);
            fields.add(field.toString());
            if (fields.size() > MOST_FIELDS) {
                throw wrong("found more than " + MOST_FIELDS + " fields");
            }
            if (end != separator) {
                return fields;
            }
        }
    }

    /** Answers what ended it: the separator, a new line, or the end. */
    private int field(StringBuilder into) throws IOException {
        int c = in.read();
        if (c == '"') {
            quoted(into);
            c = in.read();
            if (c != separator && c != '\r' && c != '\n' && c != END) {
                throw wrong("found text behind a closing quote");
            }
        }
        while (c != separator && c != '\r' && c != '\n' && c != END) {
            append(into, c);
            c = in.read();
        }
        if (c == '\r') {
            int next = in.read();
            if (next != '\n' && next != END) {
                in.unread(next);
            }
            c = '\n';
        }
        if (c == '\n') {
            line++;
        }
        return c;
    }

    private void quoted(StringBuilder into) throws IOException {
        while (true) {
            int c = in.read();
            if (c == END) {
                throw wrong("found a quote that nothing closes");
            }
            if (c == '"') {
                int next = in.read();
                if (next != '"') {
                    if (next != END) {
                        in.unread(next);
                    }
                    return;
                }
            }
            if (c == '\n') {
                line++;
            }
            append(into, c);
        }
    }

    private void append(StringBuilder into, int c) {
        if (into.length() >= LONGEST_FIELD) {
            throw wrong("found a field of more than " + LONGEST_FIELD + " characters");
        }
        into.append((char) c);
    }

    Rejection wrong(String what) {
        return new Rejection("report-invalid", "line " + begin + ": " + what);
    }
}
