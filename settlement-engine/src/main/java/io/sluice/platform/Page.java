package io.sluice.platform;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
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

    /** @param found one row more than {@code limit} where there is a further page */
    public static <T> Page<T> of(List<T> found, int limit, ToLongFunction<T> position) {
        if (found.size() <= limit) {
            return new Page<>(found, null);
        }
        List<T> items = found.subList(0, limit);
        String next = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("p" + position.applyAsLong(items.getLast())).getBytes(StandardCharsets.UTF_8));
        return new Page<>(items, next);
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
        throw new IllegalArgumentException(
                "cursor: found \"" + cursor + "\", expected the \"next\" of the page before");
    }

    /** Throws {@link IllegalArgumentException} unless 1 to {@value #LARGEST}. */
    public static int limit(int asked) {
        if (asked < 1 || asked > LARGEST) {
            throw new IllegalArgumentException("limit: found " + asked + ", expected 1 to " + LARGEST);
        }
        return asked;
    }
}
