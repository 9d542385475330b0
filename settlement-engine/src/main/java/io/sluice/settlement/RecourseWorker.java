package io.sluice.settlement;

import io.sluice.platform.BusinessClock;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import java.time.Duration;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Takes recourse as soon as something was taken back, and again while there is more to cover. Each step is a transaction of its own. */
@Component
class RecourseWorker extends Worker {

    private final Recourse recourse;
    private final Transactions transactions;
    private final BusinessClock clock;

    RecourseWorker(Recourse recourse, Transactions transactions, BusinessClock clock) {
        super("recourse");
        this.recourse = recourse;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    protected Duration idle() {
        return Duration.ofSeconds(1);
    }

    @Override
    protected boolean work() {
        for (UUID inflowId : recourse.begun()) {
            transactions.run(() -> recourse.begin(inflowId));
        }
        for (String storeId : recourse.stores()) {
            transactions.run(() -> recourse.takeFrom(storeId, clock.today()));
        }
        return false;
    }
}
