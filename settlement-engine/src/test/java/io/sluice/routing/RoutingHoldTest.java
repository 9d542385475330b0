package io.sluice.routing;

import io.sluice.platform.BusinessClock;
import io.sluice.platform.Rejection;
import io.sluice.routing.RoutingCommand.HoldRouting;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RoutingCommand.ReleaseRouting;
import io.sluice.routing.RoutingEvent.RoutingHeld;
import io.sluice.routing.RoutingEvent.RoutingReleased;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.TestExecutor;
import org.hamcrest.CoreMatchers;
import org.junit.jupiter.api.Test;

/** One person stops, two let go on: exactly the stop that they were shown. */
class RoutingHoldTest {

    private static final Instant NANOSECONDS = Instant.parse("2026-11-23T08:16:24.923984660Z");
    private static final RoutingHeld HELD = new RoutingHeld("A", NANOSECONDS, "ann", "hijacked");

    /** As the table gives it back: PostgreSQL rounds to microseconds. */
    private static final Instant SHOWN = NANOSECONDS.plusNanos(500).truncatedTo(ChronoUnit.MICROS);

    @Test
    void aStopOfATimeWithNanosecondsIsReleasedByTheTimeThatIsShown() {
        given(HELD)
                .when(new ReleaseRouting("A", SHOWN, "bob", "cy"))
                .expectEvents(new RoutingReleased("A", SHOWN, "bob", "cy"));
    }

    @Test
    void aReleaseOfAnEarlierStopReleasesNoLaterOne() {
        given(HELD)
                .when(new ReleaseRouting("A", SHOWN.minusMillis(1), "bob", "cy"))
                .expectException(Rejection.class)
                .expectExceptionMessage(CoreMatchers.containsString("Nobody has stopped"));
        given(HELD, new RoutingReleased("A", SHOWN, "bob", "cy"))
                .when(new ReleaseRouting("A", SHOWN, "bob", "cy"))
                .expectException(Rejection.class);
    }

    @Test
    void onePersonDoesNotLetItGoOn() {
        given(HELD)
                .when(new ReleaseRouting("A", SHOWN, "bob", "bob"))
                .expectException(Rejection.class)
                .expectExceptionMessage(CoreMatchers.containsString("approved by somebody else"));
    }

    @Test
    void whatIsStoppedIsNotStoppedAgain() {
        given(HELD)
                .when(new HoldRouting("A", "bob", "me too"))
                .expectException(Rejection.class)
                .expectExceptionMessage(CoreMatchers.containsString("ann has stopped the routing of A already"));
    }

    private static TestExecutor<Agreement> given(Object... events) {
        return new AggregateTestFixture<>(Agreement.class)
                .registerInjectableResource((BusinessClock) () -> NANOSECONDS)
                .givenCommands(new OpenAgreement("A", "One", "EUR", "T", "TRUST", "FEE", List.of()))
                .andGiven(events);
    }
}
