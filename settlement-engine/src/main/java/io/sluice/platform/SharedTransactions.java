package io.sluice.platform;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionTimedOutException;

/**
 * One transaction for small pieces of work that arrive at the same time: whoever comes while a transaction is under way waits for the
 * next one, which takes all who wait. Each caller returns after the commit that its work is in, so that what it then promises holds; or,
 * while the database keeps silent, after the time that it has, promising nothing.
 *
 * <p>The pieces must be independent of each other and harmless to repeat: when a shared transaction fails for another reason than that
 * the database cannot be had, each is tried again in a transaction of its own, so that one bad piece fails alone.
 *
 * @param <W> a piece of work
 * @param <R> what it comes to
 */
public final class SharedTransactions<W, R> implements AutoCloseable {

    private static final int TOGETHER = 200;

    private final Transactions transactions;
    private final Function<List<W>, List<R>> together;
    private final ConcurrentLinkedQueue<Piece<W, R>> waiting = new ConcurrentLinkedQueue<>();
    private final ExecutorService leaders;

    /**
     * @param together does all that it is given, at least one, and answers for each in their order; within a transaction
     * @param atOnce how many transactions may be under way; with two, whoever comes first does not keep the rest waiting for its commit
     */
    public SharedTransactions(Transactions transactions, Function<List<W>, List<R>> together, int atOnce) {
        this.transactions = transactions;
        this.together = together;
        this.leaders = Executors.newFixedThreadPool(
                atOnce, Thread.ofPlatform().name("together-", 0).daemon().factory());
    }

    /**
     * Anything that the work throws is thrown on, and nothing of it is kept.
     *
     * @throws TransactionTimedOutException after {@code atMost}; work that had begun by then may yet be committed, other work is not done
     */
    public R in(W work, Duration atMost) {
        Piece<W, R> mine = new Piece<>(work);
        waiting.add(mine);
        leaders.execute(this::lead);
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
        leaders.shutdown();
    }

    private void lead() {
        List<Piece<W, R>> taken = new ArrayList<>();
        for (Piece<W, R> next = waiting.poll(); next != null; next = waiting.poll()) {
            taken.add(next);
            if (taken.size() == TOGETHER) {
                break;
            }
        }
        if (taken.isEmpty()) {
            return; // those before took them
        }
        try {
            work(taken);
        } catch (TransactionException | DataAccessResourceFailureException | TransientDataAccessException e) {
            taken.forEach(piece -> piece.fail(e));
        } catch (RuntimeException | Error e) {
            if (taken.size() == 1) {
                taken.getFirst().fail(e);
            } else {
                taken.forEach(this::alone);
            }
        }
    }

    private void alone(Piece<W, R> piece) {
        try {
            work(List.of(piece));
        } catch (RuntimeException | Error e) {
            piece.fail(e);
        }
    }

    private void work(List<Piece<W, R>> pieces) {
        List<R> results = transactions.in(
                () -> together.apply(pieces.stream().map(piece -> piece.work).toList()));
        for (int i = 0; i < pieces.size(); i++) {
            pieces.get(i).outcome.complete(results.get(i));
        }
    }

    private static RuntimeException thrown(@Nullable Throwable cause) {
        if (cause instanceof Error e) {
            throw e;
        }
        return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
    }

    private static final class Piece<W, R> {

        private final W work;
        private final CompletableFuture<R> outcome = new CompletableFuture<>();

        Piece(W work) {
            this.work = work;
        }

        void fail(Throwable cause) {
            outcome.completeExceptionally(cause);
        }
    }
}
