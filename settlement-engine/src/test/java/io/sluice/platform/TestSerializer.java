package io.sluice.platform;

import java.nio.charset.StandardCharsets;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;

/** Events as the store has them. */
public final class TestSerializer {

    private static final Serializer SERIALIZER = StoredEvents.serializer();

    private TestSerializer() {}

    public static Object throughTheStore(StoredEvent event) {
        return SERIALIZER.<byte[], Object>deserialize(SERIALIZER.serialize(event, byte[].class));
    }

    /** What stands in a row. */
    public static String text(StoredEvent event) {
        return new String(SERIALIZER.serialize(event, byte[].class).getData(), StandardCharsets.UTF_8);
    }

    /** What a row of that type and payload is read as. */
    public static Object stored(String type, String payload) {
        return SERIALIZER.<byte[], Object>deserialize(
                new SimpleSerializedObject<>(payload.getBytes(StandardCharsets.UTF_8), byte[].class, type, null));
    }
}
