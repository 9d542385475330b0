package io.sluice.routing;

import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.platform.Worker;
import io.sluice.policies.OneByOne;
import io.sluice.routing.RoutingCommand.ReleaseOverdue;
import java.time.Duration;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Once each business day, lets go of what is held of deposits whose platform has not reported in the days that their rule gives it. */
@Component
class OverdueReports extends Worker {

    private final JdbcClient db;
    private final Commands commands;
    private final OneByOne oneByOne;
    private final BusinessClock clock;
    private @Nullable LocalDate lookedOn;

    OverdueReports(JdbcClient db, Commands commands, OneByOne oneByOne, BusinessClock clock) {
        super("overdue-reports");
        this.db = db;
        this.commands = commands;
        this.oneByOne = oneByOne;
        this.clock = clock;
    }

    @Override
    protected Duration idle() {
        return Duration.ofSeconds(5);
    }

    @Override
    protected boolean work() {
        LocalDate today = clock.today();
        if (today.equals(lookedOn)) {
            return false;
        }
        boolean all = true;
        for (String agreement : db.sql(
                        "select distinct agreement_id from division_terms where 'merchant.until-report' = any (destinations)"
                                + " order by agreement_id")
                .query(String.class)
                .list()) {
            all &= oneByOne.run(
                    "OVERDUE-REPORTS-" + agreement,
                    "Letting go of what waits for reports in " + agreement,
                    () -> commands.send(new ReleaseOverdue(agreement, today)));
        }
        if (all) {
            lookedOn = today;
        }
        return false;
    }
}
