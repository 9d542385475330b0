package io.sluice.platform;

import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;

/** A unit of work as a lane's, at whose end a {@link BufferedProjection} writes. */
public final class LaneBatch {

    private LaneBatch() {}

    public static void run(Runnable handling) {
        run(GenericEventMessage.asEventMessage("the first of a batch"), handling);
    }

    /** Whatever comes of it, none is left for the thread's next test. */
    public static void run(Message<?> first, Runnable handling) {
        DefaultUnitOfWork<?> batch = DefaultUnitOfWork.startAndGet(first);
        try {
            handling.run();
            batch.commit();
        } finally {
            if (batch.isActive()) {
                batch.rollback();
            }
        }
    }
}
