package io.sluice.platform;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;

/**
 * A list in a stored event whose elements have much in common with the one before them, which they do not write again. What all elements are
 * is read from the event alone, from its first element on.
 */
public final class Successive {

    private Successive() {}

    /** @param <T> what the list is of */
    public abstract static class Writer<T> extends ValueSerializer<List<T>> {

        /** What is stored of one. */
        protected abstract Object stored(T one, @Nullable T before);

        @Override
        public final void serialize(List<T> all, JsonGenerator json, SerializationContext context) {
            json.writeStartArray();
            T before = null;
            for (T one : all) {
                context.writeValue(json, stored(one, before));
                before = one;
            }
            json.writeEndArray();
        }
    }

    /**
     * @param <T> what the list is of
     * @param <S> what is stored of one
     */
    public abstract static class Reader<T, S> extends ValueDeserializer<List<T>> {

        private final Class<S> stored;
        private final String needed;
        private volatile @Nullable ValueDeserializer<Object> each;

        /** @param needed what an element tells, or the one before it, in words */
        protected Reader(Class<S> stored, String needed) {
            this.stored = stored;
            this.needed = needed;
        }

        /** Null when neither it nor the one before it tells what it is. */
        protected abstract @Nullable T read(S one, @Nullable T before);

        @Override
        @SuppressWarnings("unchecked")
        public final List<T> deserialize(JsonParser json, DeserializationContext context) {
            if (!json.isExpectedStartArrayToken()) {
                return (List<T>) context.handleUnexpectedToken(context.constructType(List.class), json);
            }
            ValueDeserializer<Object> element = each(context);
            List<T> all = new ArrayList<>();
            T before = null;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                T one = read(stored.cast(element.deserialize(json, context)), before);
                if (one == null) {
                    return context.reportInputMismatch(
                            this,
                            "element %d: expected %s, of its own or of the one before it",
                            all.size() + 1,
                            needed);
                }
                all.add(one);
                before = one;
            }
            return all;
        }

        /** Kept: asked for by its class, Jackson makes it anew for each element. */
        private ValueDeserializer<Object> each(DeserializationContext context) {
            ValueDeserializer<Object> known = each;
            if (known == null) {
                known = context.findContextualValueDeserializer(context.constructType(stored), null);
                each = known;
            }
            return known;
        }
    }
}
