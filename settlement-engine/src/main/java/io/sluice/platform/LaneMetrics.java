package io.sluice.platform;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/** How many lanes and workers are stuck. Deliveries are counted where they arrive, pools and requests by their libraries. */
@Component
class LaneMetrics implements MeterBinder {

    private final LaneHealth health;

    LaneMetrics(LaneHealth health) {
        this.health = health;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        registry.gauge("sluice.lanes.stuck", health, h -> h.troubles().size());
    }
}
