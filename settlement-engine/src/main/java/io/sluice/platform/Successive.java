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
            Element element = new Element(json, context, this);
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

    /** The element that is being read: the name of its next field, then its value by the one method that is of its type. */
    public static final class Element {

        private final JsonParser json;
        private final DeserializationContext context;
        private final Reader<?> reader;
        private int number;

        private Element(JsonParser json, DeserializationContext context, Reader<?> reader) {
            this.json = json;
            this.context = context;
            this.reader = reader;
        }

        private void begin() {
            number++;
            if (json.currentToken() != JsonToken.START_OBJECT) {
                context.handleUnexpectedToken(reader.of, json);
            }
        }

        /** Null behind the last. What is null is not told. */
        public @Nullable String next() {
            String name = json.nextName();
            while (name != null && json.nextToken() == JsonToken.VALUE_NULL) {
                name = json.nextName();
            }
            return name;
        }

        public long number() {
            if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                context.handleUnexpectedToken(Long.class, json);
            }
            return json.getLongValue();
        }

        public List<Long> numbers() {
            if (json.currentToken() != JsonToken.START_ARRAY) {
                context.handleUnexpectedToken(List.class, json);
            }
            List<Long> all = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                all.add(number());
            }
            return all;
        }

        public String text() {
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                context.handleUnexpectedToken(String.class, json);
            }
            return json.getString();
        }

        public UUID id() {
            String text = text();
            try {
                return UUID.fromString(text);
            } catch (IllegalArgumentException e) {
                throw refused("found " + text + ", expected an id");
            }
        }

        public LocalDate day() {
            String text = text();
            try {
                return LocalDate.parse(text);
            } catch (DateTimeException e) {
                throw refused("found " + text + ", expected a day");
            }
        }

        public <E extends Enum<E>> E oneOf(Class<E> names) {
            String text = text();
            try {
                return Enum.valueOf(names, text);
            } catch (IllegalArgumentException e) {
                throw refused("found " + text + ", expected one of " + List.of(names.getEnumConstants()));
            }
        }

        /** Of a field whose name says nothing to the reader. */
        public void refuseUnknown(String name) {
            throw refused("found the field " + name + ", which none of this engine's elements has");
        }

        public MismatchedInputException refused(String reason) {
            return MismatchedInputException.from(json, reader.of, "element " + number + ": " + reason);
        }
    }
}
