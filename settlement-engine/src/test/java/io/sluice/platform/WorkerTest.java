package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;

class WorkerTest {

    @Test
    void tellsInALineThatAnotherWasFasterAndWhereItStoodWhenItFailed() throws InterruptedException {
        Failing worker = new Failing(
                new ConcurrencyFailureException("Another worker claimed it"), new IllegalStateException("A defect"));
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.start();
        Logger log = (Logger) LoggerFactory.getLogger(Failing.class);
        log.addAppender(told);
        worker.start();
        assertThat(worker.done.await(30, TimeUnit.SECONDS)).isTrue();
        worker.stop();
        log.detachAppender(told);
        assertThat(told.list)
                .extracting(ILoggingEvent::getLevel, one -> one.getThrowableProxy() != null)
                .containsExactly(tuple(Level.INFO, false), tuple(Level.WARN, true));
        assertThat(told.list.getFirst().getFormattedMessage())
                .isEqualTo("failing gave way and will try again in 200 ms: Another worker claimed it");
    }

    /** Fails in each way once. */
    private static final class Failing extends Worker {
        private final Iterator<RuntimeException> failures;
        private final CountDownLatch done = new CountDownLatch(1);

        private Failing(RuntimeException... failures) {
            super("failing");
            this.failures = List.of(failures).iterator();
        }

        @Override
        protected boolean work() {
            if (failures.hasNext()) {
                throw failures.next();
            }
            done.countDown();
            return false;
        }
    }
}
