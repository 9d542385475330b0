package io.sluice.platform;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.exc.MismatchedInputException;

/**
 * A list in a stored event whose elements have much in common with the one before them, which they do not write again. What all elements are
 * is read from the event alone, from its first element on. Fields are written and read one by one: there is nothing that an engine reads more
 * of, and what Jackson finds out of a class it would ask again for each element.
 */
public final class Successive {

    private Successive() {}

    /** @param <T> what the list is of */
    public abstract static class Writer<T> extends ValueSerializer<List<T>> {

        /** Writes the fields of one. */
        protected abstract void write(T one, @Nullable T before, JsonGenerator json);

        @Override
        public final void serialize(List<T> all, JsonGenerator json, SerializationContext context) {
            json.writeStartArray();
            T before = null;
            for (T one : all) {
                json.writeStartObject();
                write(one, before, json);
                json.writeEndObject();
                before = one;
            }
            json.writeEndArray();
        }
    }

    /** @param <T> what the list is of */
    public abstract static class Reader<T> extends ValueDeserializer<List<T>> {

        private final Class<T> of;

        protected Reader(Class<T> of) {
            this.of = of;
        }

        /** Asks for all fields, and refuses an element that neither tells what it is nor can leave it to the one before. */
        protected abstract T read(Element element, @Nullable T before);

        @Override
        @SuppressWarnings("unchecked")
        public final List<T> deserialize(JsonParser json, DeserializationContext context) {
            if (!json.isExpectedStartArrayToken()) {
                return (List<T>) context.handleUnexpectedToken(context.constructType(List.class), json);
            }
            Element element = new Element(json, of);
            List<T> all = new ArrayList<>();
            T before = null;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                element.begin();
                before = read(element, before);
                all.add(before);
            }
            return all;
        }
    }

    /**
     * The element that is being read: the name of its next field, then its value by the one method that is of its type; null is what is not
     * told. What is of another type, or no field of an element, is refused by its element's number and its name.
     */
    public static final class Element {

        private final JsonParser json;
        private final Class<?> of;
        private int number;
        private @Nullable String name;

        private Element(JsonParser json, Class<?> of) {
            this.json = json;
            this.of = of;
        }

        private void begin() {
            number++;
            name = null;
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw unexpected("an object");
            }
        }

        /** Null behind the last. */
        public @Nullable String next() {
            name = json.nextName();
            if (name != null) {
                json.nextToken();
            }
            return name;
        }

        public @Nullable Long number() {
            return isNull() ? null : (Long) whole();
        }

        public @Nullable Integer integer() {
            if (isNull()) {
                return null;
            }
            long whole = whole();
            if (whole != (int) whole) {
                throw unexpected("a number of 32 bits");
            }
            return (int) whole;
        }

        public @Nullable List<Long> numbers() {
            if (isNull()) {
                return null;
            }
            if (json.currentToken() != JsonToken.START_ARRAY) {
                throw unexpected("a list");
            }
            List<Long> all = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                all.add(whole());
            }
            return all;
        }

        private long whole() {
            if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw unexpected("a whole number");
            }
            return json.getLongValue();
        }

        public @Nullable String text() {
            if (isNull()) {
                return null;
            }
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                throw unexpected("a text");
            }
            return json.getString();
        }

        /** In its one form: the JDK reads a group that lost a digit as another id. */
        public @Nullable UUID id() {
            String text = text();
            try {
                UUID id = text == null ? null : UUID.fromString(text);
                if (id != null && !id.toString().equalsIgnoreCase(text)) {
                    throw unexpected("an id");
                }
                return id;
            } catch (IllegalArgumentException e) {
                throw unexpected("an id");
            }
        }

        public @Nullable LocalDate day() {
            String text = text();
            try {
                return text == null ? null : LocalDate.parse(text);
            } catch (DateTimeException e) {
                throw unexpected("a day");
            }
        }

        public <E extends Enum<E>> @Nullable E oneOf(Class<E> names) {
            String text = text();
            try {
                return text == null ? null : Enum.valueOf(names, text);
            } catch (IllegalArgumentException e) {
                throw unexpected("one of " + List.of(names.getEnumConstants()));
            }
        }

        private boolean isNull() {
            return json.currentToken() == JsonToken.VALUE_NULL;
        }

        /** An engine takes nothing that it does not know, be it null. */
        public MismatchedInputException unknown() {
            return refused("found a field " + name + ", which it cannot have");
        }

        private MismatchedInputException unexpected(String expected) {
            JsonToken token = json.currentToken();
            String found = token == null
                    ? "the end"
                    : token.isStructStart() || token.isStructEnd() ? token.toString() : json.getString();
            return refused((name == null ? "" : name + ": ") + "found " + found + ", expected " + expected);
        }

        public MismatchedInputException refused(String reason) {
            return MismatchedInputException.from(json, of, "element " + number + ": " + reason);
        }
    }
}
