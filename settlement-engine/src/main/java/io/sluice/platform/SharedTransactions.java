package io.sluice.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * One transaction for small pieces of work that arrive at the same time: whoever comes while a transaction is under way waits for the
 * next one, which takes all who wait. Each caller returns after the commit that its work is in, so that what it then promises holds.
 *
 * <p>The pieces must be independent of each other and harmless to repeat: when a shared transaction fails for another reason than that
 * the database cannot be had, each is tried again in a transaction of its own, so that one bad piece fails alone.
 */
@Component
public class SharedTransactions {

    private static final int TOGETHER = 200;

    private final Transactions transactions;
    private final ConcurrentLinkedQueue<Piece<?>> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock leading = new ReentrantLock();

    public SharedTransactions(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Anything that the work throws is thrown on, and nothing of it is kept. */
    public <T> T in(Supplier<T> work) {
        Piece<T> mine = new Piece<>(work);
        waiting.add(mine);
        leading.lock();
        try {
            while (!mine.done) {
                lead();
            }
        } finally {
            leading.unlock();
        }
        return mine.outcome();
    }

    private void lead() {
        List<Piece<?>> together = new ArrayList<>();
        for (Piece<?> next = waiting.poll(); next != null; next = waiting.poll()) {
            together.add(next);
            if (together.size() == TOGETHER) {
                break;
            }
        }
        try {
            transactions.run(() -> together.forEach(Piece::work));
            together.forEach(Piece::finish);
        } catch (TransactionException | DataAccessResourceFailureException | TransientDataAccessException e) {
            together.forEach(piece -> piece.fail(e));
        } catch (RuntimeException | Error e) {
            if (together.size() == 1) {
                together.getFirst().fail(e);
            } else {
                together.forEach(this::alone);
            }
        }
    }

    private void alone(Piece<?> piece) {
        try {
            transactions.run(piece::work);
            piece.finish();
        } catch (RuntimeException | Error e) {
            piece.fail(e);
        }
    }

    /** Read and written by whoever holds the lock. */
    private static final class Piece<T> {

        private final Supplier<T> supplier;
        private @Nullable T result;
        private @Nullable Throwable failure;
        private boolean done;

        Piece(Supplier<T> supplier) {
            this.supplier = supplier;
        }

        void work() {
            result = supplier.get();
        }

        void finish() {
            done = true;
        }

        void fail(Throwable cause) {
            failure = cause;
            done = true;
        }

        T outcome() {
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
            return java.util.Objects.requireNonNull(result);
        }
    }
}
