package io.sluice.console;

import io.sluice.console.Way.Leg;
import io.sluice.console.Way.Step;
import io.sluice.routing.Destination;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The newest inflows, and those before the last cut-off, which have come farther, each with its way so far. */
@Component
class LastInflows {

    private static final int NEWEST = 10;
    private static final int BEFORE_CUT_OFF = 5;

    private record Row(
            String inflowId,
            String kind,
            @Nullable String merchant,
            @Nullable String agreementId,
            String account,
            Amount amount,
            Instant receivedAt,
            @Nullable String trouble,
            @Nullable Leg leg) {}

    private record Declared(Instant recordPoint, int paidPercent) {

        boolean paid() {
            return paidPercent == 100;
        }
    }

    private final JdbcClient db;

    LastInflows(JdbcClient db) {
        this.db = db;
    }

    /** Newest first. */
    List<Way> list() {
        Map<String, List<Row>> byInflow = new LinkedHashMap<>();
        rows().forEach(row -> byInflow.computeIfAbsent(row.inflowId(), id -> new ArrayList<>())
                .add(row));
        Map<String, Declared> distributions = distributions(byInflow);
        return byInflow.values().stream().map(rows -> way(rows, distributions)).toList();
    }

    private List<Row> rows() {
        OffsetDateTime cutOff = db.sql("select ran_at from cut_off where state = 'DONE' order by day desc limit 1")
                .query(OffsetDateTime.class)
                .optional()
                .orElse(OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC));
        return db.sql("""
                        with shown as (
                            (select * from inflow where kind <> 'OWN_TRANSFER' order by booked_at desc limit :newest)
                            union
                            (select * from inflow where kind <> 'OWN_TRANSFER' and booked_at < :cutOff order by booked_at desc limit :earlier))
                        select i.inflow_id, i.kind, s.merchant_name, s.agreement_id, i.account, i.units, i.currency, i.booked_at,
                               q.reason, l.destination, l.units, n.state, o.day
                        from shown i
                        left join store s on s.collection_account = i.account
                        left join routing_queue q on q.inflow_id = i.inflow_id
                        left join leg l on l.inflow_id = i.inflow_id
                        left join rail_claim c on c.payable_id = l.leg_id
                        left join instruction n on n.instruction_id = c.instruction_id
                        left join payment_order o on o.order_id = n.order_id
                        order by i.booked_at desc, i.inflow_id, l.units desc
                        """)
                .param("newest", NEWEST)
                .param("earlier", BEFORE_CUT_OFF)
                .param("cutOff", cutOff)
                .query((rs, n) -> new Row(
                        rs.getString(1),
                        rs.getString(2),
                        rs.getString(3),
                        rs.getString(4),
                        rs.getString(5),
                        Amount.of(rs.getString(7), rs.getLong(6)),
                        rs.getTimestamp(8).toInstant(),
                        rs.getString(9),
                        rs.getString(10) == null
                                ? null
                                : new Leg(
                                        rs.getString(10),
                                        Amount.of(rs.getString(7), rs.getLong(11)),
                                        rs.getString(12),
                                        rs.getObject(13, LocalDate.class))))
                .list();
    }

    /** The distributions since the oldest inflow shown, by agreement and business day. */
    private Map<String, Declared> distributions(Map<String, List<Row>> byInflow) {
        Map<String, Declared> byDay = new HashMap<>();
        byInflow.values().stream()
                .map(rows -> rows.getFirst().receivedAt())
                .min(Instant::compareTo)
                .ifPresent(since -> db.sql(
                                "select agreement_id, record_point, paid_units, entitled_units, state from distribution"
                                        + " where record_point >= ? order by record_point limit 500")
                        .param(since.atOffset(ZoneOffset.UTC))
                        .query(rs -> {
                            Instant point = rs.getTimestamp(2).toInstant();
                            byDay.put(
                                    rs.getString(1) + " "
                                            + point.atZone(ZoneOffset.UTC).toLocalDate(),
                                    new Declared(point, percent(rs.getLong(3), rs.getLong(4))));
                        }));
        return byDay;
    }

    private static Way way(List<Row> rows, Map<String, Declared> distributions) {
        Row first = rows.getFirst();
        List<Leg> legs = new ArrayList<>();
        for (Row row : rows) {
            if (row.leg() != null) {
                legs.add(row.leg());
            }
        }
        Leg royalty = legs.stream()
                .filter(leg -> leg.destination().equals("royalty.pool"))
                .findFirst()
                .orElse(null);
        Declared declared = royalty == null || royalty.orderedOn() == null
                ? null
                : distributions.get(first.agreementId() + " " + royalty.orderedOn());
        return new Way(
                first.inflowId(),
                first.kind(),
                first.merchant(),
                first.account(),
                first.amount(),
                first.receivedAt(),
                legs,
                first.trouble(),
                routed(first, legs),
                shared(legs, royalty, declared),
                declared == null ? null : declared.recordPoint(),
                paid(legs, declared),
                holdersPaid(legs, declared),
                legs.stream()
                        .map(Leg::orderedOn)
                        .filter(day -> day != null)
                        .findFirst()
                        .orElse(null));
    }

    private static Step routed(Row inflow, List<Leg> legs) {
        if (!legs.isEmpty()) {
            return Step.DONE;
        }
        if (!inflow.kind().equals("SALE")) {
            return Step.NONE;
        }
        return inflow.trouble() == null ? Step.MOVING : Step.TROUBLE;
    }

    private static Step shared(List<Leg> legs, @Nullable Leg royalty, @Nullable Declared declared) {
        if (declared != null) {
            return Step.DONE;
        }
        return royalty == null && !legs.isEmpty() ? Step.NONE : Step.WAITING;
    }

    private static Step paid(List<Leg> legs, @Nullable Declared declared) {
        List<Leg> paidOut = legs.stream()
                .filter(leg -> !Destination.parse(leg.destination()).isHeld())
                .toList();
        if (legs.stream().anyMatch(Leg::failed)) {
            return Step.TROUBLE;
        }
        boolean royalty = legs.stream()
                .anyMatch(leg -> leg.destination().equals("royalty.pool")
                        && leg.amount().units().compareTo(BigInteger.ZERO) > 0);
        boolean holdersPaid = !royalty || (declared != null && declared.paid());
        if (!legs.isEmpty() && holdersPaid && paidOut.stream().allMatch(Leg::settled)) {
            return Step.DONE;
        }
        boolean begun = legs.stream()
                .anyMatch(leg -> leg.state() != null && !leg.state().equals("PENDING_APPROVAL"));
        return begun ? Step.MOVING : Step.WAITING;
    }

    private static @Nullable Integer holdersPaid(List<Leg> legs, @Nullable Declared declared) {
        boolean settled = !legs.isEmpty() && legs.stream().allMatch(Leg::settled);
        return settled && declared != null && !declared.paid() ? declared.paidPercent() : null;
    }

    /** Rounded down: 100 only when all is paid. */
    private static int percent(long part, long whole) {
        return whole == 0
                ? 100
                : BigInteger.valueOf(part)
                        .multiply(BigInteger.valueOf(100))
                        .divide(BigInteger.valueOf(whole))
                        .intValue();
    }
}
