package io.sluice.platform;

import java.util.Map;
import java.util.TreeMap;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Down when a lane or a worker is stuck on something: nothing is lost by that, but somebody must look. */
@Component("lanes")
class LaneHealth implements HealthIndicator {

    private final EventProcessingConfiguration lanes;
    private final ObjectProvider<Worker> workers;

    LaneHealth(EventProcessingConfiguration lanes, ObjectProvider<Worker> workers) {
        this.lanes = lanes;
        this.workers = workers;
    }

    @Override
    public Health health() {
        Map<String, String> troubles = troubles();
        return troubles.isEmpty()
                ? Health.up().build()
                : Health.down().withDetails(troubles).build();
    }

    /** What is stuck, and on what, by name of lane or worker. */
    Map<String, String> troubles() {
        Map<String, String> troubles = new TreeMap<>();
        for (EventProcessor lane : lanes.eventProcessors().values()) {
            if (lane.isError()) {
                troubles.put(lane.getName(), "the lane fails on an event and tries again");
            }
        }
        workers.forEach(worker -> {
            if (!worker.trouble().isEmpty()) {
                troubles.put(worker.name(), worker.trouble());
            }
        });
        return troubles;
    }
}
