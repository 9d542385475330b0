package io.sluice.collection;

import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.collection.CollectionCommand.AnnounceInflows;
import io.sluice.collection.CollectionCommand.LapseAnnouncement;
import io.sluice.money.Money;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.platform.Page;
import io.sluice.policies.WorkList;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Credits that are expected and do not count yet, by their account's policy: no posting, no division, no payment, in no balance. Each
 * counts once, when enough has been told of it, or lapses with a reason; one that lapsed counts all the same should it come. All calls
 * but the reads join the caller's transaction.
 */
@Component
public class Announcements {

    /**
     * A credit that is waited for.
     *
     * @param units minor units of the currency
     * @param told in which ways it was told: PENDING, NOTICE, LISTED, STATEMENT
     * @param state ANNOUNCED, or LAPSED with a reason
     */
    public record Expected(
            UUID inflowId,
            String account,
            long units,
            String currency,
            LocalDate expectedOn,
            List<String> told,
            String state,
            @Nullable String reason,
            Instant announcedAt) {}

    /** After the expected day, a weekend and holidays included. */
    private static final int DAYS_OF_PATIENCE = 7;

    private static final int BATCH = 500;
    private static final String ANNOUNCED =
            "select inflow_id, units, currency, expected_on, evidence_sha256, told, kind,"
                    + " value_date, value_date_source, told_by_sha256, our_reference, decided_by from announced_inflow ";
    private static final String EXPECTED =
            "select inflow_id, account, units, currency, expected_on, told, state, reason,"
                    + " announced_at from announced_inflow where state <> 'BOOKED' ";

    private final JdbcClient db;
    private final JdbcTemplate batch;
    private final Commands commands;
    private final WorkList work;
    private final BusinessClock clock;

    Announcements(JdbcClient db, JdbcTemplate batch, Commands commands, WorkList work, BusinessClock clock) {
        this.db = db;
        this.batch = batch;
        this.commands = commands;
        this.work = work;
        this.clock = clock;
    }

    /** One look at sightings of an account: says of each whether its inflow counts from it on, and keeps what was learnt. */
    final class Look {

        private final BankAccount account;
        private final Map<UUID, Announcement> waiting;
        private final Map<UUID, Announcement> fresh = new LinkedHashMap<>();
        private final Map<UUID, Announcement> changed = new LinkedHashMap<>();
        private final List<UUID> booked = new ArrayList<>();

        private Look(BankAccount account, Map<UUID, Announcement> waiting) {
            this.account = account;
            this.waiting = waiting;
        }

        /**
         * What is to be recorded: once for each inflow, for the sighting by which it counts.
         *
         * @param as what the sighting alone says of its inflow
         */
        Optional<NewInflow> counts(UUID inflowId, boolean isNew, Sighting sighting, Supplier<NewInflow> as) {
            Announcement before = waiting.get(inflowId);
            if (before == null && !isNew) {
                return Optional.empty(); // it counted before
            }
            Telling way = Telling.of(sighting);
            NewInflow told = as.get();
            Announcement now = before == null ? announced(sighting, way, told) : before.with(way, told);
            if (account.policy().counts(now.told())) {
                waiting.remove(inflowId);
                changed.remove(inflowId);
                if (fresh.remove(inflowId) == null && before != null) {
                    booked.add(inflowId);
                }
                return Optional.of(before == null ? told : told.joinedWith(before.asTold()));
            }
            if (!now.equals(before)) {
                waiting.put(inflowId, now);
                (before == null || fresh.containsKey(inflowId) ? fresh : changed).put(inflowId, now);
            }
            return Optional.empty();
        }

        private Announcement announced(Sighting sighting, Telling way, NewInflow as) {
            return new Announcement(
                    as.inflowId(),
                    as.units(),
                    as.currency(),
                    as.valueDate(),
                    sighting.evidenceSha256(),
                    EnumSet.of(way),
                    as);
        }

        boolean isWaiting(UUID inflowId) {
            return waiting.containsKey(inflowId);
        }

        void keep() {
            announce(account, List.copyOf(fresh.values()));
            changed.values().forEach(Announcements.this::learn);
            markBooked(booked);
        }
    }

    /** @param known inflows that were told of before; those that wait are locked for this transaction */
    Look look(BankAccount account, Collection<UUID> known) {
        Map<UUID, Announcement> waiting = new HashMap<>();
        if (!known.isEmpty()) {
            db.sql(ANNOUNCED + "where inflow_id = any(:ids) and state <> 'BOOKED' order by inflow_id for update")
                    .param("ids", known.toArray(UUID[]::new))
                    .query(rs -> {
                        Announcement announcement = announcement(rs);
                        waiting.put(announcement.inflowId(), announcement);
                    });
        }
        return new Look(account, waiting);
    }

    /**
     * Those of an account that count by its policy as it is, in the ways in which they were told already; from here on they count.
     * Nothing else says so when the policy has changed: what was told once is not told again. Not those that have lapsed, nor those that
     * a statement speaks against: of whose movement another amount counts, or which none has listed though one of a later day is there.
     * They lapse in their time, and a person is told.
     */
    List<NewInflow> takeCounting(BankAccount account, int limit) {
        List<NewInflow> counting = new ArrayList<>();
        db.sql(ANNOUNCED + "a where account = :account and state = 'ANNOUNCED' and kind is not null"
                        + " and array_to_string(told, ',') = any(:enough)"
                        + " and ('STATEMENT' = any(told) or not exists (select 1 from bank_statement s"
                        + " where s.account = a.account and s.day > a.expected_on))"
                        + " and not exists (select 1 from inflow_key mine join inflow_key other on other.account = mine.account"
                        + " and other.kind = 'MOVEMENT' and split_part(other.key, ':', 1) = split_part(mine.key, ':', 1)"
                        + " and other.inflow_id <> mine.inflow_id where mine.inflow_id = a.inflow_id and mine.kind = 'MOVEMENT'"
                        + " and not exists (select 1 from announced_inflow w where w.inflow_id = other.inflow_id and w.state <> 'BOOKED'))"
                        + " order by inflow_id limit :limit for update")
                .param("account", account.account())
                .param("enough", enough(account.policy()))
                .param("limit", limit)
                .query(rs -> {
                    counting.add(Objects.requireNonNull(announcement(rs).asTold()));
                });
        markBooked(counting.stream().map(NewInflow::inflowId).toList());
        return counting;
    }

    /** Every choice of ways that is enough for a policy, as their column holds it. */
    private static String[] enough(AccountPolicy policy) {
        Telling[] ways = Telling.values();
        List<String> enough = new ArrayList<>();
        for (int choice = 1; choice < 1 << ways.length; choice++) {
            EnumSet<Telling> told = EnumSet.noneOf(Telling.class);
            for (Telling way : ways) {
                if ((choice >> way.ordinal() & 1) == 1) {
                    told.add(way);
                }
            }
            if (policy.counts(told)) {
                enough.add(String.join(",", names(told)));
            }
        }
        return enough.toArray(String[]::new);
    }

    private void markBooked(List<UUID> inflowIds) {
        if (!inflowIds.isEmpty()) {
            db.sql("update announced_inflow set state = 'BOOKED', reason = null where inflow_id = any(:ids)")
                    .param("ids", inflowIds.toArray(UUID[]::new))
                    .update();
        }
    }

    private void learn(Announcement told) {
        NewInflow as = Objects.requireNonNull(told.asTold());
        db.sql(
                        "update announced_inflow set told = ?, kind = ?, value_date = ?, value_date_source = ?, told_by_sha256 = ?,"
                                + " our_reference = ?, decided_by = ? where inflow_id = ?")
                .param(names(told.told()))
                .param(as.kind().name())
                .param(as.valueDate())
                .param(as.valueDateSource())
                .param(as.evidenceSha256())
                .param(as.ourReference())
                .param(as.decidedBy())
                .param(told.inflowId())
                .update();
    }

    /** Whether an inflow was announced and does not count yet. */
    boolean isWaiting(UUID inflowId) {
        return db.sql("select count(*) from announced_inflow where inflow_id = ? and state <> 'BOOKED'")
                        .param(inflowId)
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /** It is no longer expected; nothing happens to one that lapsed before. */
    void lapse(String account, UUID inflowId, String reason) {
        int lapsed = db.sql("update announced_inflow set state = 'LAPSED', reason = ?"
                        + " where inflow_id = ? and state = 'ANNOUNCED'")
                .params(reason, inflowId)
                .update();
        if (lapsed == 1) {
            commands.send(new LapseAnnouncement(account, inflowId, reason));
        }
    }

    /** Those of an account that have not come in time; a person is told of those that the bank said were booked. */
    void lapseOverdue(BankAccount account) {
        LocalDate today = clock.today();
        List<Announcement> overdue = new ArrayList<>();
        db.sql(ANNOUNCED
                        + "where account = ? and state = 'ANNOUNCED' and expected_on < ? order by inflow_id for update")
                .params(account.account(), today.minusDays(DAYS_OF_PATIENCE))
                .query(rs -> {
                    overdue.add(announcement(rs));
                });
        for (Announcement late : overdue) {
            lapse(
                    account.account(),
                    late.inflowId(),
                    "expected on " + late.expectedOn() + " and not there on " + today);
            if (late.told().stream().anyMatch(Telling::isBooked)) {
                work.open(
                        "ANNOUNCED-" + late.inflowId(),
                        "PARKED",
                        late.evidenceSha256(),
                        "The bank told of " + Money.of(late.units(), late.currency()) + " on "
                                + DeliveredNotices.masked(account.account()) + " as booked for " + late.expectedOn()
                                + ", and nothing has confirmed it since, as the account's policy "
                                + account.policy() + " asks: compare it with the bank's statement; it counts"
                                + " by itself when that lists it",
                        "engine");
            }
        }
    }

    /** Those that wait or have lapsed, the newest first; for people to look at. */
    public List<Expected> newest(int limit) {
        return db.sql(EXPECTED + "order by announced_at desc, inflow_id limit ?")
                .param(limit)
                .query(Announcements::expected)
                .list();
    }

    /** A page of those that wait or have lapsed, the oldest first. Throws {@link IllegalArgumentException} for a foreign cursor. */
    Page<Expected> page(@Nullable String cursor, int limit) {
        int rows = Page.limit(limit);
        Page.Place after = Page.Place.after(cursor);
        List<Expected> found = db.sql(EXPECTED + "and (announced_at, inflow_id::text collate \"C\") > (?, ?)"
                        + " order by announced_at, inflow_id limit ?")
                .params(after.at().atOffset(ZoneOffset.UTC), after.id(), rows + 1)
                .query(Announcements::expected)
                .list();
        return Page.ofPlaces(
                found,
                rows,
                one -> new Page.Place(one.announcedAt(), one.inflowId().toString()));
    }

    private void announce(BankAccount account, List<Announcement> announcements) {
        batch.batchUpdate(
                "insert into announced_inflow (inflow_id, account, units, currency, expected_on, evidence_sha256, told,"
                        + " announced_at, kind, value_date, value_date_source, told_by_sha256, our_reference, decided_by)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                announcements.stream().map(a -> row(account, a)).toList());
        for (int from = 0; from < announcements.size(); from += BATCH) {
            commands.send(new AnnounceInflows(
                    account.account(), announcements.subList(from, Math.min(from + BATCH, announcements.size()))));
        }
    }

    private Object[] row(BankAccount account, Announcement announced) {
        NewInflow as = Objects.requireNonNull(announced.asTold());
        return new Object[] {
            announced.inflowId(),
            account.account(),
            announced.units(),
            announced.currency(),
            announced.expectedOn(),
            announced.evidenceSha256(),
            names(announced.told()),
            clock.now().atOffset(ZoneOffset.UTC),
            as.kind().name(),
            as.valueDate(),
            as.valueDateSource(),
            as.evidenceSha256(),
            as.ourReference(),
            as.decidedBy()
        };
    }

    private static String[] names(Set<Telling> told) {
        return told.stream().map(Telling::name).toArray(String[]::new);
    }

    private static Announcement announcement(ResultSet rs) throws SQLException {
        EnumSet<Telling> told = EnumSet.noneOf(Telling.class);
        for (String way : (String[]) rs.getArray(6).getArray()) {
            told.add(Telling.valueOf(way));
        }
        UUID inflowId = rs.getObject(1, UUID.class);
        long units = rs.getLong(2);
        String currency = rs.getString(3);
        NewInflow asTold = rs.getString(7) == null
                ? null
                : new NewInflow(
                        inflowId,
                        InflowKind.valueOf(rs.getString(7)),
                        units,
                        currency,
                        rs.getObject(8, LocalDate.class),
                        rs.getString(9),
                        rs.getString(10),
                        rs.getString(11),
                        rs.getString(12));
        return new Announcement(
                inflowId, units, currency, rs.getObject(4, LocalDate.class), rs.getString(5), told, asTold);
    }

    private static Expected expected(ResultSet rs, int n) throws SQLException {
        return new Expected(
                rs.getObject(1, UUID.class),
                rs.getString(2),
                rs.getLong(3),
                rs.getString(4),
                rs.getObject(5, LocalDate.class),
                Arrays.asList((String[]) rs.getArray(6).getArray()),
                rs.getString(7),
                rs.getString(8),
                rs.getTimestamp(9).toInstant());
    }
}
