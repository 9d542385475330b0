package io.sluice.platform;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.AnnotationEventHandlerAdapter;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationState;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.ClassPathBeanDefinitionScanner;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes every {@link ReadModel} anew from the events, by the very handlers that keep it up to date, in temporary tables, and puts the new
 * rows in the place of the old ones where they differ: all models in one transaction, or none. What is not a read model is only read.
 *
 * <p>No engine may run meanwhile: one that runs is found by its claims, its lanes are locked out, and so is every append of events.
 */
public final class Rebuild {

    /**
     * One read model, made anew.
     *
     * @param name its processing group
     * @param events of its own that there are
     * @param rows of all its tables
     * @param sha256 lower-case hex, over each of its tables as PostgreSQL's COPY writes it in order of its primary key
     * @param same whether the rows that were there had the hash of what the events make that the model had seen
     * @param behind how many events of its own the model had not seen; the new rows have them
     * @param differences some rows of either side that the other did not have, and what of others is not the same, with the table's name and
     *     their keys; empty when {@code same}
     */
    public record Model(
            String name, long events, long rows, String sha256, boolean same, long behind, List<String> differences) {}

    /** The books cannot be rebuilt now; the message says why and what to do. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /** The rows of some tables. */
    private record Content(long rows, String sha256) {}

    /** A model at work; {@code lane} is how far it had come, null when it is not kept by a lane and has seen every event. */
    private record Making(
            String name,
            List<String> tables,
            List<String> appended,
            Object model,
            @Nullable GapAwareTrackingToken lane) {

        List<String> keyed() {
            return tables.stream().filter(table -> !appended.contains(table)).toList();
        }

        boolean hadSeen(long index) {
            return lane == null || (index <= lane.getIndex() && !lane.getGaps().contains(index));
        }
    }

    private record Handler(Making making, AnnotationEventHandlerAdapter adapter) {}

    /** Facts, which what is made of them grows with. */
    private static final int BATCH = 5_000;

    private static final int FETCH = 500;
    private static final int NAMED = 3;

    /** Of a row, in characters. */
    private static final int LONGEST = 400;

    private static final Duration CLAIM = Duration.ofSeconds(10);
    private static final Duration LOCK = Duration.ofSeconds(3);
    private static final Duration READERS = Duration.ofMinutes(1);

    /** PostgreSQL's states for a lock that was not had: at once or in time, and not without a deadlock. */
    private static final Set<String> LOCKED = Set.of("55P03", "40P01");

    private static final ReplayToken REPLAY = (ReplayToken)
            ReplayToken.createReplayToken(GapAwareTrackingToken.newInstance(Long.MAX_VALUE, new TreeSet<>()));

    private final JdbcTemplate db;
    private final TablesBeside beside;
    private final Serializer serializer = StoredEvents.serializer();
    private final JdbcEventStorageEngine events;
    private final List<Making> makings;
    private final Map<Class<?>, List<Handler>> handlers = new ConcurrentHashMap<>();
    private final Map<Making, Long> handled = new HashMap<>();
    private final Map<Making, Long> behind = new HashMap<>();
    private final LongConsumer progress;
    private long firstUnseen = Long.MAX_VALUE;
    private long last = -1;

    /** @param events a second connection, which reads ahead */
    private Rebuild(AnnotationConfigApplicationContext models, DataSource events, LongConsumer progress) {
        this.db = models.getBean(JdbcTemplate.class);
        this.beside = new TablesBeside(db);
        this.progress = progress;
        this.events = StoredEvents.on(events, FETCH);
        lockEnginesOut();
        this.makings = models.getBeansWithAnnotation(ReadModel.class).values().stream()
                .map(model -> {
                    String name = annotation(model, ProcessingGroup.class).value();
                    ReadModel its = annotation(model, ReadModel.class);
                    return new Making(name, List.of(its.value()), List.of(its.appended()), model, lane(name));
                })
                .sorted(Comparator.comparing(Making::name))
                .toList();
    }

    /**
     * Throws {@link Refused} while an engine runs, and whatever a handler throws; then nothing has changed.
     *
     * @param user who owns the schema
     * @param replace whether rows that differ are replaced; otherwise nothing is written
     * @param progress told how many events were read, now and then
     * @return the models in order of their names
     */
    public static List<Model> run(String url, String user, String password, boolean replace, LongConsumer progress) {
        String batching = url + (url.contains("?") ? "&" : "?") + "reWriteBatchedInserts=true";
        try (var models = new AnnotationConfigApplicationContext();
                var events = new SingleConnectionDataSource(url, user, password, true)) {
            var source = new SingleConnectionDataSource(batching, user, password, true);
            models.registerBean(SingleConnectionDataSource.class, () -> source); // closes it
            models.registerBean(JdbcTemplate.class, () -> new JdbcTemplate(source));
            models.registerBean(JdbcClient.class, () -> JdbcClient.create(source));
            var scanner = new ClassPathBeanDefinitionScanner(models, false);
            scanner.addIncludeFilter(new AnnotationTypeFilter(ReadModel.class));
            scanner.scan("io.sluice");
            models.refresh();
            var transaction = new TransactionTemplate(new DataSourceTransactionManager(source));
            return Objects.requireNonNull(transaction.execute(status -> {
                if (!replace) {
                    status.setRollbackOnly();
                }
                Rebuild rebuild = new Rebuild(models, events, progress);
                rebuild.requireOwnSchema(new DriverManagerDataSource(url, user, password));
                return rebuild.all();
            }));
        }
    }

    /** Handlers write the tables of their own version, and no other's; nobody changes it until this ends. */
    private void requireOwnSchema(DataSource books) {
        db.execute("lock table flyway_schema_history in share mode");
        MigrationInfoService schema;
        try {
            schema = Flyway.configure().dataSource(books).load().info();
        } catch (FlywayException e) {
            throw new DataAccessResourceFailureException("The history of their schema cannot be read", e);
        }
        MigrationInfo current = schema.current();
        String version = current == null ? "of no version" : "of schema version " + current.getVersion();
        if (schema.pending().length > 0) {
            throw new Refused(
                    "These books are " + version + ": they were kept by an older version. Nothing was changed."
                            + " Start the engine of this version once, which brings them up to date, then rebuild.");
        }
        if (Stream.of(schema.applied()).anyMatch(its -> its.getState() == MigrationState.FUTURE_SUCCESS)) {
            throw new Refused("These books are " + version + ": they were kept by a newer version. Nothing was changed."
                    + " Rebuild them with the program of that version.");
        }
    }

    private List<Model> all() {
        db.execute("set local temp_buffers = '128MB'");
        db.execute("set local maintenance_work_mem = '128MB'");
        makings.forEach(making -> making.tables().forEach(beside::create));
        makings.forEach(making -> making.keyed().forEach(beside::key));
        replay(null, true);
        makings.forEach(making -> making.appended().forEach(beside::key));
        Map<Making, List<String>> differences = new HashMap<>();
        Map<Making, Content> made = new HashMap<>();
        for (Making making : makings) {
            Content anew = content("pg_temp.", making);
            made.put(making, anew);
            differences.put(making, anew.equals(content("public.", making)) ? List.of() : differences(making));
        }
        if (!behind.isEmpty()) {
            replay(GapAwareTrackingToken.newInstance(firstUnseen - 1, new TreeSet<>()), false);
            behind.keySet().forEach(making -> made.put(making, content("pg_temp.", making)));
        }
        List<Model> told = new ArrayList<>();
        for (Making making : makings) {
            List<String> rows = differences.getOrDefault(making, List.of());
            long missed = behind.getOrDefault(making, 0L);
            if (!rows.isEmpty() || missed > 0) {
                replace(making.tables());
            }
            goOnBehindLast(making);
            Content content = Objects.requireNonNull(made.get(making));
            told.add(new Model(
                    making.name(),
                    handled.getOrDefault(making, 0L),
                    content.rows(),
                    content.sha256(),
                    rows.isEmpty(),
                    missed,
                    rows));
        }
        return told;
    }

    /**
     * Until the end of the transaction nobody appends an event and no lane moves: an engine that was paused, or hangs with claims that are
     * stale, has to wait. An event of a transaction that is open already could get visible below {@code last}, and no lane would ever see
     * it; so none may be open.
     *
     * <p>No circle of waiting comes of it. The events are waited for while this transaction holds nothing; after them the lanes are asked
     * for and not waited for. (The events are not asked for without waiting, since a vacuum makes way only for somebody who waits; nobody
     * who is at work queues behind the wait, since an engine with fresh claims is refused before.) The tables of the models are waited
     * for last, by {@link #replace}: whoever holds one and waits for the events is found by PostgreSQL, and one of the two rolls back,
     * we as if nothing had been, an engine to try again.
     */
    private void lockEnginesOut() {
        refuseFreshClaims();
        db.execute("set local lock_timeout = '" + LOCK.toMillis() + "ms'");
        locked(
                "lock table event in share mode",
                "A transaction that appends events to these books is open, and stayed so for "
                        + LOCK.toSeconds() + " s: an engine that hangs or is paused. Nothing was changed."
                        + " End its process (or let it finish and stop it), then rebuild again.");
        locked(
                "lock table processor_token in access exclusive mode nowait",
                "An engine runs on these books: stop it first.");
        db.execute("set local lock_timeout = '" + READERS.toMillis() + "ms'");
        refuseFreshClaims();
    }

    /** Does {@code order}, or refuses when somebody holds what it locks. */
    private void locked(String order, String otherwise) {
        try {
            db.execute(order);
        } catch (DataAccessException failed) {
            if (failed.getRootCause() instanceof SQLException cause && LOCKED.contains(cause.getSQLState())) {
                throw new Refused(otherwise);
            }
            throw failed;
        }
    }

    private void refuseFreshClaims() {
        Instant now = Objects.requireNonNull(db.queryForObject("select clock_timestamp()", Timestamp.class))
                .toInstant();
        db.query("select processor_name, owner, touched_at from processor_token where owner is not null", row -> {
            Duration age = Duration.between(Instant.parse(row.getString(3)), now);
            if (age.compareTo(CLAIM) < 0) {
                throw new Refused("An engine (" + row.getString(2) + ") held lane " + row.getString(1) + " "
                        + age.toSeconds() + " s ago: stop it first; if it was killed, try again in "
                        + (CLAIM.minus(age).toSeconds() + 1) + " s.");
            }
        });
    }

    private @Nullable GapAwareTrackingToken lane(String name) {
        List<GapAwareTrackingToken> lanes = db.query(
                "select token, token_type from processor_token where processor_name = ?",
                (row, n) -> {
                    byte[] token = row.getBytes(1);
                    TrackingToken stored = token == null
                            ? null
                            : serializer.deserialize(
                                    new SimpleSerializedObject<>(token, byte[].class, row.getString(2), null));
                    return stored != null && WrappedToken.unwrapLowerBound(stored) instanceof GapAwareTrackingToken gaps
                            ? gaps
                            : GapAwareTrackingToken.newInstance(-1, new TreeSet<>());
                },
                name);
        return lanes.isEmpty() ? null : lanes.getFirst();
    }

    /** Hands on what each model had seen, or what it had not. The next batch is read and parsed while one is handled. */
    private void replay(@Nullable TrackingToken from, boolean seen) {
        long read = 0;
        try (var reader = Executors.newSingleThreadExecutor(Threads.named("events"));
                Stream<? extends TrackedEventMessage<?>> stored = events.readEvents(from, false)) {
            Iterator<? extends TrackedEventMessage<?>> events = stored.iterator();
            Future<List<TrackedEventMessage<?>>> next = reader.submit(() -> batch(events));
            for (List<TrackedEventMessage<?>> batch = next.get(); !batch.isEmpty(); batch = next.get()) {
                next = reader.submit(() -> batch(events));
                handle(batch, seen);
                read += batch.size();
                progress.accept(read);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted; nothing has changed", e);
        } catch (ExecutionException unread) {
            throw new IllegalStateException("The events cannot be read: " + unread.getCause(), unread);
        }
    }

    private List<TrackedEventMessage<?>> batch(Iterator<? extends TrackedEventMessage<?>> events) {
        List<TrackedEventMessage<?>> batch = new ArrayList<>(BATCH);
        for (int facts = 0; facts < BATCH && events.hasNext(); ) {
            TrackedEventMessage<?> event = events.next();
            // Parsed here, once.
            facts += !handlersOf(event).isEmpty() && event.getPayload() instanceof StoredEvent told ? told.facts() : 1;
            batch.add(event);
        }
        return batch;
    }

    private void handle(List<TrackedEventMessage<?>> batch, boolean seen) {
        UnitOfWork<EventMessage<?>> unitOfWork = DefaultUnitOfWork.startAndGet(batch.getFirst());
        try {
            for (TrackedEventMessage<?> event : batch) {
                handle(event, seen);
            }
        } catch (Exception failed) {
            unitOfWork.rollback(failed);
            throw failed instanceof RuntimeException known ? known : new IllegalStateException(failed);
        }
        unitOfWork.commit();
    }

    private void handle(TrackedEventMessage<?> event, boolean seen) throws Exception {
        long index = event.trackingToken().position().orElseThrow();
        last = Math.max(last, index);
        List<Handler> concerned = handlersOf(event);
        if (concerned.isEmpty()) {
            return;
        }
        EventMessage<?> replayed = new GenericTrackedEventMessage<>(REPLAY.advancedTo(event.trackingToken()), event);
        for (Handler handler : concerned) {
            if (handler.making().hadSeen(index) == seen) {
                handler.adapter().handle(replayed);
                handled.merge(handler.making(), 1L, Long::sum);
            } else if (seen) {
                behind.merge(handler.making(), 1L, Long::sum);
                firstUnseen = Math.min(firstUnseen, index);
            }
        }
    }

    private List<Handler> handlersOf(EventMessage<?> event) {
        return handlers.computeIfAbsent(
                event.getPayloadType(),
                type -> makings.stream()
                        .map(making -> new Handler(making, new AnnotationEventHandlerAdapter(making.model())))
                        .filter(handler -> handler.adapter().canHandle(event))
                        .toList());
    }

    private Content content(String schema, Making making) {
        MessageDigest digest = sha256();
        long rows = 0;
        for (String table : making.tables()) {
            digest.update((table + "\n").getBytes(StandardCharsets.UTF_8));
            rows += copy("copy (select * from " + schema + table + beside.inOrder(table) + ") to stdout", digest);
        }
        return new Content(rows, HexFormat.of().formatHex(digest.digest()));
    }

    private long copy(String rows, MessageDigest digest) {
        return Objects.requireNonNull(db.execute((Connection connection) -> {
            try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                return connection.unwrap(PGConnection.class).getCopyAPI().copyOut(rows, out);
            } catch (IOException impossible) {
                throw new SQLException(impossible);
            }
        }));
    }

    private List<String> differences(Making making) {
        List<String> rows = new ArrayList<>();
        for (String table : making.tables()) {
            List<String> columns = beside.primaryKey(table);
            String key = String.join(", ", columns);
            rows.addAll(only("public." + table, "pg_temp." + table, columns, table + " had "));
            rows.addAll(only("pg_temp." + table, "public." + table, columns, table + " should have "));
            db.query(
                    "select (select string_agg(value, ', ' order by n) from jsonb_array_elements_text(jsonb_build_array("
                            + key
                            + ")) with ordinality k (value, n)), to_jsonb(h)::text, to_jsonb(t)::text from public."
                            + table
                            + " h join pg_temp." + table + " t using (" + key + ") where h is distinct from t order by "
                            + key + " limit " + NAMED,
                    row -> {
                        rows.add(table + " " + row.getString(1) + ": "
                                + RowDifference.of(row.getString(2), row.getString(3)));
                    });
        }
        return rows;
    }

    /** Rows of the one table whose key the other does not have. */
    private List<String> only(String here, String there, List<String> key, String words) {
        if (Boolean.FALSE.equals(db.queryForObject("select exists (select from " + there + ")", Boolean.class))) {
            return db.queryForList(
                    "select ? || 'rows, and the other has none' from " + here + " limit 1", String.class, words);
        }
        String same =
                key.stream().map(column -> "t." + column + " = h." + column).collect(Collectors.joining(" and "));
        return db.queryForList(
                "select ? || left(h::text, " + LONGEST + ") || case when length(h::text) > " + LONGEST
                        + " then '... (' || length(h::text) || ' characters)' else '' end from " + here
                        + " h where not exists (select from " + there + " t where " + same
                        + ") order by " + String.join(", ", key) + " limit " + NAMED,
                String.class,
                words);
    }

    private void replace(List<String> tables) {
        String names = tables.stream().map(table -> "public." + table).collect(Collectors.joining(", "));
        locked(
                "lock table " + names + " in access exclusive mode",
                "Somebody holds " + names + " in a transaction of more than " + READERS.toSeconds()
                        + " s. Nothing was changed. End it, then rebuild again.");
        beside.replace(tables);
    }

    private void goOnBehindLast(Making making) {
        if (last >= 0 && making.lane() != null) {
            SerializedObject<byte[]> token =
                    serializer.serialize(GapAwareTrackingToken.newInstance(last, new TreeSet<>()), byte[].class);
            db.update(
                    "update processor_token set token = ?, token_type = ?, owner = null where processor_name = ?",
                    token.getData(),
                    token.getType().getName(),
                    making.name());
        }
    }

    private static <A extends java.lang.annotation.Annotation> A annotation(Object model, Class<A> type) {
        A found = AnnotationUtils.findAnnotation(model.getClass(), type);
        if (found == null) {
            throw new IllegalStateException(model.getClass() + " has no @" + type.getSimpleName());
        }
        return found;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
