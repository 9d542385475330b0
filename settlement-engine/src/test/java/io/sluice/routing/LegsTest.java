package io.sluice.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.platform.LaneBatch;
import io.sluice.platform.TestDatabase;
import io.sluice.routing.RoutingEvent.Claim;
import io.sluice.routing.RoutingEvent.Deposit;
import io.sluice.routing.RoutingEvent.HeldReleased;
import io.sluice.routing.RoutingEvent.InflowRouted;
import io.sluice.routing.RoutingEvent.InflowsRouted;
import io.sluice.routing.RoutingEvent.Leg;
import io.sluice.routing.RoutingEvent.Routed;
import io.sluice.routing.RoutingEvent.Terms;
import io.sluice.sandbox.SandboxPostgres;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows of divisions: units of 32 bits where all of a division fit, of 64 where one does not. */
class LegsTest {

    private static final LocalDate DAY = LocalDate.of(2026, 11, 24);
    private static final long LARGEST = Integer.MAX_VALUE;
    private static final long SMALLEST = Integer.MIN_VALUE;

    private static final InflowsRouted ROUTED = new InflowsRouted(
            "A",
            "EUR",
            List.of(new Terms(
                    "S",
                    "SHOP",
                    "r",
                    List.of(
                            new Claim("/fee", Destination.PLATFORM_FEES),
                            new Claim("/residual", Destination.MERCHANT_RESIDUAL),
                            new Claim("/royalty", Destination.ROYALTY_POOL)))),
            List.of(
                    inflow(1, 1, LARGEST, 0),
                    inflow(2, 0, SMALLEST),
                    inflow(3, 1, LARGEST + 1, 5),
                    inflow(4, 0, 7, SMALLEST - 1),
                    inflow(5, Long.MAX_VALUE, 0, 0),
                    inflow(6)));

    private static final List<Leg> OWN_IDS = List.of(
            new Leg(new UUID(8, 1), "/fee", Destination.PLATFORM_FEES, 1),
            new Leg(new UUID(8, 2), "/residual", Destination.MERCHANT_RESIDUAL, LARGEST),
            new Leg(new UUID(8, 3), "/royalty", Destination.ROYALTY_POOL, 2));

    private static final InflowRouted PROVISIONAL =
            new InflowRouted(new UUID(7, 7), "A", "S", "SHOP", "r", LARGEST + 3, "EUR", DAY, OWN_IDS, 0, 9_000L);

    private static final HeldReleased RELEASED = new HeldReleased(
            new UUID(7, 8),
            "A",
            "S",
            "SHOP",
            "r",
            "EUR",
            DAY,
            List.of(
                    new Leg(new UUID(9, 1), "/fee", Destination.PLATFORM_FEES, -1),
                    new Leg(new UUID(9, 2), "/residual", Destination.MERCHANT_RESIDUAL, LARGEST + 1),
                    new Leg(new UUID(9, 3), "/royalty", Destination.ROYALTY_POOL, 0)),
            new Deposit(PROVISIONAL.inflowId(), LARGEST + 3, DAY),
            null,
            null);

    private static Routed inflow(int number, long... parts) {
        return new Routed(
                new UUID(7, number), 0, 1, DAY, Arrays.stream(parts).boxed().toList(), 0, null);
    }

    @Test
    void divisionsOfOldBooksBecomeTheRowsThatTheirEventsMake() {
        TestDatabase old = TestDatabase.of("51");
        JdbcClient owner = old.as(SandboxPostgres.MIGRATOR);
        owner.sql("""
                insert into division_terms
                    select division_terms_id(a, s, c, h, e, p, d), a, s, c, h, e, p, d
                    from (values ('A', 'S', 'SHOP', 'r', 'EUR', '{/fee,/residual,/royalty}'::text[],
                                  '{fees.platform,merchant.residual,royalty.pool}'::text[])) t (a, s, c, h, e, p, d)""").update();
        ROUTED.inflows()
                .forEach(inflow -> owner.sql("insert into division (inflow_id, terms_id, value_date, units)"
                                + " select ?, terms_id, ?, ? from division_terms")
                        .params(inflow.inflowId(), DAY, inflow.parts().toArray(Long[]::new))
                        .update());
        owner.sql("""
                insert into division select '%s', terms_id, '2026-11-24', 9000, null, '{1,2147483647,2}', '{%s,%s,%s}' from division_terms;
                insert into division select '%s', terms_id, '2026-11-24', null, '%s', '{-1,2147483648,0}', '{%s,%s,%s}' from division_terms
                """.formatted(
                                PROVISIONAL.inflowId(),
                                new UUID(8, 1),
                                new UUID(8, 2),
                                new UUID(8, 3),
                                RELEASED.releaseId(),
                                PROVISIONAL.inflowId(),
                                new UUID(9, 1),
                                new UUID(9, 2),
                                new UUID(9, 3)))
                .update();
        String legs = "select l::text from leg l order by inflow_id, path";
        List<String> before = lines(owner, legs);

        old.migrateTo("52");

        TestDatabase fresh = TestDatabase.fresh();
        write(fresh);
        String rows = "select d::text from division d order by inflow_id";
        JdbcClient migrated = old.as(SandboxPostgres.AUDITOR);
        JdbcClient written = fresh.as(SandboxPostgres.AUDITOR);
        assertThat(lines(migrated, legs)).isEqualTo(before).hasSize(14);
        assertThat(lines(written, legs)).isEqualTo(before);
        assertThat(lines(migrated, rows)).isEqualTo(lines(written, rows));
        assertThat(lines(
                        written,
                        "select right(inflow_id::text, 1) || ' ' || large_units::text from division"
                                + " where large_units is not null order by 1"))
                .containsExactly(
                        "3 {1,2147483648,5}",
                        "4 {0,7,-2147483649}",
                        "5 {" + Long.MAX_VALUE + ",0,0}",
                        "8 {-1,2147483648,0}");
    }

    private static void write(TestDatabase database) {
        try (HikariDataSource source = database.pool(1)) {
            Legs legs = new Legs(new JdbcTemplate(source), source);
            LaneBatch.run(() -> {
                legs.on(ROUTED);
                legs.on(PROVISIONAL);
                legs.on(RELEASED);
            });
        }
    }

    private static List<String> lines(JdbcClient db, String query) {
        return db.sql(query).query(String.class).list();
    }
}
