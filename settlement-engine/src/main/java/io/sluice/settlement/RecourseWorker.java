package io.sluice.settlement;

import io.sluice.platform.BusinessClock;
import io.sluice.platform.Worker;
import io.sluice.policies.OneByOne;
import java.time.Duration;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Takes recourse as soon as something was taken back, and again while there is more to cover. Each inflow and each store for itself. */
@Component
class RecourseWorker extends Worker {

    private final Recourse recourse;
    private final OneByOne oneByOne;
    private final BusinessClock clock;

    RecourseWorker(Recourse recourse, OneByOne oneByOne, BusinessClock clock) {
        super("recourse");
        this.recourse = recourse;
        this.oneByOne = oneByOne;
        this.clock = clock;
    }

    @Override
    protected Duration idle() {
        return Duration.ofSeconds(1);
    }

    @Override
    protected boolean work() {
        for (UUID inflowId : recourse.begun()) {
            oneByOne.run(
                    "RECOURSE-" + inflowId,
                    "Recourse for inflow " + inflowId + ", which the bank took back,",
                    () -> recourse.begin(inflowId));
        }
        for (String storeId : recourse.stores()) {
            oneByOne.run(
                    "RECOURSE-OF-" + storeId,
                    "Recourse from store " + storeId,
                    () -> recourse.takeFrom(storeId, clock.today()));
        }
        return false;
    }
}
