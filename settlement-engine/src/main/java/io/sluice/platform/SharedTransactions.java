package io.sluice.platform;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionTimedOutException;

/**
 * One transaction for small pieces of work that arrive at the same time: whoever comes while a transaction is under way waits for the
 * next one, which takes all who wait. Each caller returns after the commit that its work is in, so that what it then promises holds; or,
 * while the database keeps silent, after the time that it has, promising nothing.
 *
 * <p>The pieces must be independent of each other and harmless to repeat: when a shared transaction fails for another reason than that
 * the database cannot be had, each is tried again in a transaction of its own, so that one bad piece fails alone.
 */
@Component
public class SharedTransactions implements AutoCloseable {

    private static final int TOGETHER = 200;

    private final Transactions transactions;
    private final ConcurrentLinkedQueue<Piece<?>> waiting = new ConcurrentLinkedQueue<>();
    private final ExecutorService leader = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("together").daemon().factory());

    public SharedTransactions(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Anything that the work throws is thrown on, and nothing of it is kept.
     *
     * @throws TransactionTimedOutException after {@code atMost}; work that had begun by then may yet be committed, other work is not done
     */
    public <T> T in(Supplier<T> work, Duration atMost) {
        Piece<T> mine = new Piece<>(work);
        waiting.add(mine);
        leader.execute(this::lead);
        try {
            return mine.outcome.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            waiting.remove(mine);
            throw new TransactionTimedOutException("No commit within " + atMost, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransactionTimedOutException("Interrupted while waiting for the commit", e);
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        }
    }

    /** How many wait for a transaction that has not begun. */
    int waiting() {
        return waiting.size();
    }

    /** What is under way is finished. */
    @Override
    public void close() {
        leader.shutdown();
    }

    private void lead() {
        List<Piece<?>> together = new ArrayList<>();
        for (Piece<?> next = waiting.poll(); next != null; next = waiting.poll()) {
            together.add(next);
            if (together.size() == TOGETHER) {
                break;
            }
        }
        if (together.isEmpty()) {
            return; // those before took them
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

    private static RuntimeException thrown(@Nullable Throwable cause) {
        if (cause instanceof Error e) {
            throw e;
        }
        return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
    }

    /** Worked on by the leader alone. */
    private static final class Piece<T> {

        private final Supplier<T> supplier;
        private final CompletableFuture<T> outcome = new CompletableFuture<>();
        private @Nullable T result;

        Piece(Supplier<T> supplier) {
            this.supplier = supplier;
        }

        void work() {
            result = supplier.get();
        }

        void finish() {
            outcome.complete(Objects.requireNonNull(result));
        }

        void fail(Throwable cause) {
            outcome.completeExceptionally(cause);
        }
    }
}
