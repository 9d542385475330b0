package io.sluice.platform;

import java.util.ArrayList;
import java.util.List;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * How far the lanes of this node have come. A lane's stored token is up to its claim extension (3 s) older than the lane itself while no
 * event concerns it; what is asked here is the lane's own knowledge, which it has after the commit of what it did.
 */
@Component
public class LanePositions {

    /**
     * Names and positions of this node's lanes, and the indexes that they stepped over because nothing was there yet.
     *
     * @param names beside {@code positions}; a lane that has handled nothing is left out
     */
    public record Reached(String[] names, Long[] positions, Long[] gaps) {}

    private final ObjectProvider<EventProcessingConfiguration> configuration;

    LanePositions(ObjectProvider<EventProcessingConfiguration> configuration) {
        this.configuration = configuration;
    }

    /** Asked before the rows that it is compared with are read, else a lane may have passed an event whose rows were not seen. */
    public Reached reached() {
        List<String> names = new ArrayList<>();
        List<Long> positions = new ArrayList<>();
        List<Long> gaps = new ArrayList<>();
        configuration.getObject().eventProcessors().forEach((name, processor) -> {
            if (processor instanceof StreamingEventProcessor lane) {
                for (EventTrackerStatus segment : lane.processingStatus().values()) {
                    if (token(segment) instanceof GapAwareTrackingToken token) {
                        names.add(name);
                        positions.add(token.getIndex());
                        gaps.addAll(token.getGaps());
                    }
                }
            }
        });
        return new Reached(names.toArray(String[]::new), positions.toArray(Long[]::new), gaps.toArray(Long[]::new));
    }

    /** The position of the lane of this node that has come least far; the largest of all while none has handled anything. */
    long slowest() {
        long slowest = Long.MAX_VALUE;
        for (Long position : reached().positions()) {
            slowest = Math.min(slowest, position);
        }
        return slowest;
    }

    private static TrackingToken token(EventTrackerStatus segment) {
        TrackingToken token = segment.getTrackingToken();
        return token instanceof WrappedToken wrapped ? wrapped.lowerBound() : token;
    }
}
