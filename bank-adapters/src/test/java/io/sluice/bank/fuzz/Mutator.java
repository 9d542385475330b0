package io.sluice.bank.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes messages as a hostile or broken sender would: values, names, elements, bytes, length, depth. Same seed, same changes. */
final class Mutator {

    private static final int LONGEST = 300_000;

    /** Values of JSON and XML: numbers, quoted text, names, text between tags. */
    private static final Pattern TOKEN =
            Pattern.compile("-?[0-9][0-9.eE+-]*|\"[^\"]{0,200}\"|<[^<>]{0,200}>|(?<=>)[^<>]{1,200}(?=<)|[{}\\[\\],:]");

    private static final List<String> HOSTILE = List.of(
            "1e999999999",
            "-1e-999999999",
            "1e3",
            "NaN",
            "-0",
            "0",
            "+1",
            "1,00",
            ".5",
            "5.",
            "00012.50",
            "999999999999999999999999",
            "0.000000000000000000001",
            "9223372036854775808",
            "-9223372036854775809",
            "9".repeat(2_000),
            "0." + "0".repeat(999) + "1",
            "null",
            "true",
            "{}",
            "[]",
            "\"\"",
            "\" \"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\u202e\u0661\u0662\"",
            "\"💥\"",
            "\"" + "x".repeat(2_000) + "\"",
            "\"EURO\"",
            "\"XXX\"",
            "\"XAU\"",
            "\"BHD\"",
            "\"JPY\"",
            "\"2026-02-30\"",
            "\"2026-02-29T24:00:00Z\"",
            "\"+999999999-12-31\"",
            "\"2026-11-23T10:00:00+99:99\"",
            "\"NOTPROVIDED\"",
            "2026-02-30",
            "0000-00-00",
            "EURO",
            "BOOK",
            "RJCT",
            "CRDT",
            "<!DOCTYPE a [<!ENTITY b \"c\">]>",
            "&amp;",
            "&b;",
            "&#0;",
            "&#x10FFFF;",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
            "<a xmlns=\"urn:x\">",
            "</Document>",
            "<Document>",
            "\uFEFF");

    private final Random random;
    private final List<byte[]> seeds;

    Mutator(long seed, List<byte[]> seeds) {
        this.random = new Random(seed);
        this.seeds = List.copyOf(seeds);
    }

    byte[] next() {
        byte[] message = seeds.get(random.nextInt(seeds.size()));
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            message = change(message);
        }
        return message.length > LONGEST ? Arrays.copyOf(message, LONGEST) : message;
    }

    private byte[] change(byte[] message) {
        return switch (random.nextInt(10)) {
            case 0 -> flipped(message);
            case 1 -> Arrays.copyOf(message, random.nextInt(message.length + 1));
            case 2 -> spliced(message);
            case 3 -> repeated(message);
            case 4 -> removed(message);
            default -> retokened(message);
        };
    }

    private byte[] flipped(byte[] message) {
        byte[] changed = message.clone();
        for (int i = random.nextInt(4); i >= 0 && changed.length > 0; i--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return changed;
    }

    private byte[] spliced(byte[] message) {
        byte[] other = seeds.get(random.nextInt(seeds.size()));
        int from = random.nextInt(other.length + 1);
        return joined(
                Arrays.copyOf(message, random.nextInt(message.length + 1)),
                Arrays.copyOfRange(other, from, other.length));
    }

    private byte[] repeated(byte[] message) {
        int from = random.nextInt(message.length + 1);
        int to = Math.min(message.length, from + random.nextInt(200));
        byte[] piece = Arrays.copyOfRange(message, from, to);
        byte[][] parts = new byte[1 + random.nextInt(random.nextInt(20) == 0 ? 1_000 : 4)][];
        Arrays.fill(parts, piece);
        return joined(Arrays.copyOf(message, to), joined(parts), Arrays.copyOfRange(message, to, message.length));
    }

    private byte[] removed(byte[] message) {
        int from = random.nextInt(message.length + 1);
        int to = Math.min(message.length, from + random.nextInt(100));
        return joined(Arrays.copyOf(message, from), Arrays.copyOfRange(message, to, message.length));
    }

    /** One token becomes another of the message, or a hostile one; its quotes or tags stay half of the time. */
    private byte[] retokened(byte[] message) {
        String text = new String(message, StandardCharsets.UTF_8);
        List<int[]> tokens = new ArrayList<>();
        Matcher found = TOKEN.matcher(text);
        while (found.find()) {
            tokens.add(new int[] {found.start(), found.end()});
        }
        if (tokens.isEmpty()) {
            return flipped(message);
        }
        int[] token = tokens.get(random.nextInt(tokens.size()));
        int[] other = tokens.get(random.nextInt(tokens.size()));
        String now = text.substring(token[0], token[1]);
        String with = random.nextInt(3) == 0
                ? text.substring(other[0], other[1])
                : HOSTILE.get(random.nextInt(HOSTILE.size()));
        if (now.startsWith("\"") && !with.startsWith("\"") && random.nextBoolean()) {
            with = "\"" + with + "\"";
        }
        return (text.substring(0, token[0]) + with + text.substring(token[1])).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            if (joined.size() < LONGEST) {
                joined.writeBytes(part);
            }
        }
        return joined.toByteArray();
    }
}
