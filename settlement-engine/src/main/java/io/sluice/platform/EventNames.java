package io.sluice.platform;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AssignableTypeFilter;

/**
 * The allow-list of event classes and their stored names. A stored name outlives the class's place: moving a class is a line here, not a
 * migration of the store.
 */
final class EventNames {

    private final Map<String, Class<?>> byName = new HashMap<>();
    private final Map<Class<?>, String> byClass = new HashMap<>();

    /** Every {@link StoredEvent} below the given package. */
    static EventNames below(String basePackage) {
        var scanner = new ClassPathScanningCandidateComponentProvider(false) {
            @Override
            protected boolean isCandidateComponent(
                    org.springframework.beans.factory.annotation.AnnotatedBeanDefinition definition) {
                return definition.getMetadata().isFinal(); // records nested in a sealed interface count too
            }
        };
        scanner.addIncludeFilter(new AssignableTypeFilter(StoredEvent.class));
        EventNames names = new EventNames();
        for (var candidate : scanner.findCandidateComponents(basePackage)) {
            try {
                names.add(Class.forName(candidate.getBeanClassName(), false, EventNames.class.getClassLoader()));
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException("A scanned class vanished: " + candidate.getBeanClassName(), e);
            }
        }
        return names;
    }

    private void add(Class<?> type) {
        String capability =
                type.getPackageName().substring(type.getPackageName().lastIndexOf('.') + 1);
        String name = capability + "." + type.getSimpleName();
        Class<?> other = byName.putIfAbsent(name, type);
        if (other != null) {
            throw new IllegalStateException("Two events are called " + name + ": " + other + " and " + type);
        }
        byClass.put(type, name);
    }

    Optional<Class<?>> classOf(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Optional<String> nameOf(Class<?> type) {
        return Optional.ofNullable(byClass.get(type));
    }
}
