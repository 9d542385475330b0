package io.sluice.settlement;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.time.LocalTime;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** What conversions are made of, with the house's own bounds. */
@Import({Outbox.class, InstructionRows.class, Refusals.class, Unanswered.class, ConversionGuard.class, Conversions.class
})
public class ConversionsTestBeans {

    /** For the context of a test. */
    public static final Class<?> ALL = ConversionsTestBeans.class;

    @Bean
    SettlementSettings settings() {
        return new SettlementSettings(LocalTime.of(16, 0), null, "1/200", "1/1000");
    }

    @Bean
    PayoutFunding funding() {
        PayoutFunding funding = mock(PayoutFunding.class);
        when(funding.wallet()).thenReturn("0xabc");
        return funding;
    }
}
