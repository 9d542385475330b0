package io.sluice.platform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * A handler that only remembers while events pass and writes once per unit of work, in the transaction of its token: 76 times the speed
 * of a statement per event (EVENTSTORE 6).
 *
 * <p>Keys come to {@link #flush} sorted, so that two lanes never lock rows in opposite order. Seeing an event twice is impossible as
 * long as the token commits with the rows; a rolled back batch forgets what it remembered.
 *
 * @param <K> what a row is known by
 * @param <V> what is to be written for it; values for one key are merged in the order of the events
 */
public abstract class BufferedProjection<K extends Comparable<? super K>, V> {

    private final BinaryOperator<V> merge;

    protected BufferedProjection(BinaryOperator<V> merge) {
        this.merge = merge;
    }

    /** Remembers a change until the unit of work ends. */
    protected final void add(K key, V value) {
        buffer().merge(key, value, merge);
    }

    /**
     * Writes all that this unit of work changed: one statement where one will do.
     *
     * @param changes in the order of their keys
     */
    protected abstract void flush(Map<K, V> changes);

    private Map<K, V> buffer() {
        UnitOfWork<?> unitOfWork = CurrentUnitOfWork.get().root();
        return unitOfWork.getOrComputeResource(resourceKey(), key -> {
            Map<K, V> buffer = new HashMap<>();
            unitOfWork.onPrepareCommit(u -> {
                if (!buffer.isEmpty()) {
                    flush(sorted(buffer));
                    buffer.clear();
                }
            });
            return buffer;
        });
    }

    /** Once, at the end: cheaper than a tree that is in order all the time. */
    private static <K extends Comparable<? super K>, V> Map<K, V> sorted(Map<K, V> changes) {
        List<K> keys = new ArrayList<>(changes.keySet());
        keys.sort(null);
        Map<K, V> sorted = LinkedHashMap.newLinkedHashMap(keys.size());
        keys.forEach(key -> sorted.put(key, changes.get(key)));
        return sorted;
    }

    private String resourceKey() {
        return "buffer:" + getClass().getName() + "@" + System.identityHashCode(this);
    }
}
