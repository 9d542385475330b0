package io.sluice.ledger;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.stereotype.Component;

/** Figures to be woken by: both are zero while all is well. Read from the books when they are asked for. */
@Component
class LedgerAlarms implements MeterBinder {

    private final ClearingAccounts clearing;
    private final Coverage coverage;

    LedgerAlarms(ClearingAccounts clearing, Coverage coverage) {
        this.clearing = clearing;
        this.coverage = coverage;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(
                        "sluice.ledger.clearing.overdue",
                        clearing,
                        c -> c.open().stream()
                                .filter(ClearingAccounts.Open::overdue)
                                .count())
                .description("Clearing accounts that have not returned to zero for longer than they should")
                .register(registry);
        Gauge.builder(
                        "sluice.ledger.coverage.short",
                        coverage,
                        c -> c.now().stream()
                                .filter(Coverage.Covered::fallsShort)
                                .count())
                .description("Agreements and currencies whose holders are owed more than is held for them")
                .register(registry);
    }
}
