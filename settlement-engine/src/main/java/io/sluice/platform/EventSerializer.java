package io.sluice.platform;

import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.UnknownSerializedType;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/**
 * Axon's Jackson 3 serializer with the repairs that 4.13.0 needs (EVENTSTORE 9.2, 9.3) and an allow-list: an event is stored under its
 * {@link EventNames} name and nothing else of ours can be read back, whatever class name stands in the database.
 */
final class EventSerializer extends Jackson3Serializer {

    private final EventNames names;

    private EventSerializer(Builder builder, EventNames names) {
        super(builder);
        this.names = names;
    }

    static EventSerializer with(EventNames names) {
        Builder builder = new Builder()
                // Without this a replay token is written that nobody can read back.
                .jsonMapperBuilderCustomizer(
                        mapper -> mapper.polymorphicTypeValidator(BasicPolymorphicTypeValidator.builder()
                                        .allowIfSubType("org.axonframework.")
                                        .build())
                                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                                .findAndAddModules(EventSerializer.class.getClassLoader()));
        return new EventSerializer(builder, names);
    }

    @Override
    public SerializedType typeForClass(@SuppressWarnings("rawtypes") Class type) {
        return names.nameOf(type)
                .<SerializedType>map(name -> new SimpleSerializedType(name, null))
                .orElseGet(() -> super.typeForClass(type));
    }

    @Override
    public Class<?> classForType(SerializedType type) {
        if (type.getName().equals(SimpleSerializedType.emptyType().getName())) {
            return Void.class;
        }
        return names.classOf(type.getName()).orElseGet(() -> {
            String name = super.resolveClassName(type);
            boolean framework = name.startsWith("org.axonframework.")
                    || name.startsWith("java.lang.")
                    || name.startsWith("java.util.")
                    || name.startsWith("java.time.");
            return framework ? super.classForType(type) : UnknownSerializedType.class;
        });
    }
}
