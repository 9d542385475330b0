package io.sluice.platform;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param next what to send as {@code cursor} for the page behind this one; null on the last. Opaque: its text means nothing outside
 */
public record Page<T>(List<T> items, @Nullable String next) {

    public static final int LARGEST = 500;

    public Page {
        items = List.copyOf(items);
    }

    /** A place in a list that is ordered by a time, to the microsecond, and then by an id. */
    public record Place(Instant at, String id) {

        /** The place that a cursor names; without one, before all. Throws {@link IllegalArgumentException} for a foreign one. */
        public static Place after(@Nullable String cursor) {
            String text = afterText(cursor);
            if (text == null) {
                return new Place(Instant.EPOCH, "");
            }
            int bar = text.indexOf('|');
            try {
                return new Place(Instant.parse(text.substring(0, Math.max(0, bar))), text.substring(bar + 1));
            } catch (DateTimeParseException notOurs) {
                throw foreign(String.valueOf(cursor));
            }
        }

        String text() {
            return at + "|" + id;
        }
    }

    /** As {@link #of(List, int, ToLongFunction)}, of rows in order of such places. */
    public static <T> Page<T> ofPlaces(List<T> found, int limit, Function<T, Place> place) {
        return ofTexts(found, limit, row -> place.apply(row).text());
    }

    /** @param found one row more than {@code limit} where there is a further page */
    public static <T> Page<T> of(List<T> found, int limit, ToLongFunction<T> position) {
        if (found.size() <= limit) {
            return new Page<>(found, null);
        }
        List<T> items = found.subList(0, limit);
        return new Page<>(items, encoded("p" + position.applyAsLong(items.getLast())));
    }

    private static <T> Page<T> ofTexts(List<T> found, int limit, Function<T, String> position) {
        if (found.size() <= limit) {
            return new Page<>(found, null);
        }
        List<T> items = found.subList(0, limit);
        return new Page<>(items, encoded("t" + position.apply(items.getLast())));
    }

    /** A page of a short list that is read whole. Throws {@link IllegalArgumentException} for a cursor that we did not give. */
    public static <T> Page<T> within(List<T> all, @Nullable String cursor, int limit, Function<T, String> key) {
        String after = afterText(cursor);
        int from = 0;
        if (after != null) {
            List<String> keys = all.stream().map(key).toList();
            from = keys.indexOf(after) + 1;
            if (from == 0) {
                throw foreign(String.valueOf(cursor));
            }
        }
        int rows = limit(limit);
        return ofTexts(all.subList(from, Math.min(all.size(), from + rows + 1)), rows, key);
    }

    private static @Nullable String afterText(@Nullable String cursor) {
        if (cursor == null || cursor.isEmpty()) {
            return null;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (text.startsWith("t")) {
                return text.substring(1);
            }
        } catch (IllegalArgumentException notOurs) {
            // said below
        }
        throw foreign(cursor);
    }

    /** What is thrown for a cursor that is none of ours. */
    public static IllegalArgumentException foreign(String cursor) {
        return new IllegalArgumentException(
                "cursor: found \"" + cursor + "\", expected the \"next\" of the page before");
    }

    private static String encoded(String position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(StandardCharsets.UTF_8));
    }

    /** The position that a cursor names. Throws {@link IllegalArgumentException} for one that we did not give. */
    public static long after(@Nullable String cursor, long start) {
        if (cursor == null || cursor.isEmpty()) {
            return start;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (text.startsWith("p")) {
                return Long.parseLong(text.substring(1));
            }
        } catch (IllegalArgumentException notOurs) {
            // said below
        }
        throw foreign(cursor);
    }

    /** Throws {@link IllegalArgumentException} unless 1 to {@value #LARGEST}. */
    public static int limit(int asked) {
        if (asked < 1 || asked > LARGEST) {
            throw new IllegalArgumentException("limit: found " + asked + ", expected 1 to " + LARGEST);
        }
        return asked;
    }
}
