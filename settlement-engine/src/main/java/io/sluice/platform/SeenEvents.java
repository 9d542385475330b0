package io.sluice.platform;

import java.util.SortedSet;
import java.util.TreeSet;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.TrackingToken;
import org.jspecify.annotations.Nullable;

/**
 * Tokens as sets of events. Axon's own comparisons of gap-aware tokens leave out what one of the two has given up waiting for: by them, who has not
 * seen an event covers who saw it and forgot that it had waited for it. Here a gap is a gap.
 */
final class SeenEvents {

    private SeenEvents() {}

    /** Whether who has seen the one has seen all of the other. */
    static boolean covers(@Nullable TrackingToken one, @Nullable TrackingToken other) {
        if (one == null || other == null) {
            return other == null;
        }
        if (one instanceof GapAwareTrackingToken its && other instanceof GapAwareTrackingToken others) {
            return others.getIndex() <= its.getIndex()
                    && !its.getGaps().contains(others.getIndex())
                    && others.getGaps().containsAll(its.getGaps().headSet(others.getIndex()));
        }
        return one.covers(other);
    }

    /** What somebody has seen who has seen both. */
    static TrackingToken union(@Nullable TrackingToken one, TrackingToken other) {
        if (one == null) {
            return other;
        }
        if (one instanceof GapAwareTrackingToken its && other instanceof GapAwareTrackingToken others) {
            SortedSet<Long> gaps = new TreeSet<>(its.getGaps());
            gaps.retainAll(others.getGaps());
            gaps.addAll(its.getGaps().tailSet(others.getIndex() + 1));
            gaps.addAll(others.getGaps().tailSet(its.getIndex() + 1));
            return GapAwareTrackingToken.newInstance(Math.max(its.getIndex(), others.getIndex()), gaps);
        }
        return one.upperBound(other);
    }

    /** Whether the event at that place has been seen. */
    static boolean has(@Nullable TrackingToken token, long index) {
        return token != null
                && index <= token.position().orElse(Long.MIN_VALUE)
                && !(token instanceof GapAwareTrackingToken gaps
                        && gaps.getGaps().contains(index));
    }
}
