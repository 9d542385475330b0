package io.sluice.platform;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether a document that was read has all that its type requires: every part that is not {@link Nullable}, at any depth. */
public final class RequiredFields {

    private static final Set<Class<?>> WHOLE =
            Set.of(int.class, long.class, Integer.class, Long.class, BigInteger.class);

    private RequiredFields() {}

    /** @throws IllegalArgumentException that names the field, what was found and what is expected */
    public static void check(Object document) {
        check("", document);
    }

    private static void check(String place, Object value) {
        if (value instanceof Record record) {
            for (RecordComponent part : record.getClass().getRecordComponents()) {
                Object found = read(record, part);
                String name = place.isEmpty() ? part.getName() : place + "." + part.getName();
                if (found != null) {
                    check(name, found);
                } else if (!part.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    throw new IllegalArgumentException(
                            name + ": found null or nothing, expected " + expected(part.getType()));
                }
            }
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                Object found = list.get(i);
                if (found == null) {
                    throw new IllegalArgumentException(place + "[" + i + "]: found null, expected a value");
                }
                check(place + "[" + i + "]", found);
            }
        }
    }

    private static @Nullable Object read(Record record, RecordComponent part) {
        try {
            var accessor = part.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("A part of " + record.getClass() + " cannot be read", e);
        }
    }

    /** What a field of this type is written as. */
    static String expected(Class<?> type) {
        if (type.isEnum()) {
            return "one of "
                    + Stream.of(type.getFields())
                            .filter(Field::isEnumConstant)
                            .map(RequiredFields::written)
                            .collect(Collectors.joining(", "));
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "text";
        }
        if (WHOLE.contains(type)) {
            return "a whole number written plainly, such as 1";
        }
        if (Number.class.isAssignableFrom(type) || (type.isPrimitive() && type != boolean.class)) {
            return "a number";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (Collection.class.isAssignableFrom(type) || type.isArray()) {
            return "a list";
        }
        if (type.getSimpleName().equals("LocalDate")) {
            return "a day such as 2026-11-23";
        }
        if (type == UUID.class) {
            return "a UUID";
        }
        if (type.getSimpleName().equals("Portion") || type.getSimpleName().equals("Decimal")) {
            return "text such as " + (type.getSimpleName().equals("Portion") ? "\"1/10\"" : "\"12.34\"");
        }
        return type.isRecord() || Map.class.isAssignableFrom(type) ? "an object" : "a value";
    }

    private static String written(Field constant) {
        JsonProperty name = constant.getAnnotation(JsonProperty.class);
        return name == null ? constant.getName() : name.value();
    }
}
