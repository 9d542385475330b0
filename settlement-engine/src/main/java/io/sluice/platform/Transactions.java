package io.sluice.platform;

import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * One transaction around a piece of work, joined by every command that is sent inside it.
 *
 * <p>It is one of Axon's units of work with the database's transaction attached, not a bare database transaction: a command inside a bare
 * one would finish its own unit of work, leave its aggregate in the cache, and a later rollback would leave that aggregate ahead of its
 * events. Here commands nest, and what they cached is forgotten when the whole is rolled back.
 */
@Component
public class Transactions {

    private final TransactionManager manager;

    Transactions(TransactionManager manager) {
        this.manager = manager;
    }

    /** Anything thrown rolls everything back and is thrown on. */
    public <T> T in(Supplier<T> work) {
        if (CurrentUnitOfWork.isStarted()) {
            return work.get();
        }
        DefaultUnitOfWork<?> unitOfWork = DefaultUnitOfWork.startAndGet(new GenericMessage<>("work"));
        unitOfWork.attachTransaction(manager);
        Callable<T> task = work::get;
        ResultMessage<T> result = unitOfWork.executeWithResult(task, RollbackConfigurationType.ANY_THROWABLE);
        if (result.isExceptional()) {
            Throwable cause = result.exceptionResult();
            if (cause instanceof RuntimeException e) {
                throw e;
            }
            if (cause instanceof Error e) {
                throw e;
            }
            throw new IllegalStateException(cause);
        }
        return result.getPayload();
    }

    public void run(Runnable work) {
        in(() -> {
            work.run();
            return Boolean.TRUE;
        });
    }

    /** Runs after the current transaction committed; at once when there is none. */
    public static void afterCommit(Runnable action) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            action.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                action.run();
            }
        });
    }
}
