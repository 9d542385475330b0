package io.sluice;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * Settings whose names are known at once, and whose values come later: who reads one waits for it. So the engine's context comes up
 * while the sandbox still starts, which halves the time until a newcomer sees something.
 */
final class LateSettings extends EnumerablePropertySource<CompletableFuture<Map<String, String>>> {

    private final Set<String> names;

    LateSettings(Set<String> names) {
        super("late", new CompletableFuture<>());
        this.names = Set.copyOf(names);
    }

    /** Gives all values, once. Throws {@link IllegalArgumentException} when their names are not those that were announced. */
    void give(Map<String, String> values) {
        if (!values.keySet().equals(names)) {
            throw new IllegalArgumentException("Announced were " + names + ", given are " + values.keySet());
        }
        source.complete(Map.copyOf(values));
    }

    @Override
    public String[] getPropertyNames() {
        return names.toArray(String[]::new);
    }

    @Override
    public boolean containsProperty(String name) {
        return names.contains(name);
    }

    @Override
    public @Nullable Object getProperty(String name) {
        return names.contains(name) ? source.join().get(name) : null;
    }
}
