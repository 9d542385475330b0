package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.sandbox.SandboxPostgres;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

class CopyRowsTest {

    private static TestDatabase database;
    private static HikariDataSource source;
    private static JdbcClient db;
    private static CopyRows accounts;

    @BeforeAll
    static void open() {
        database = TestDatabase.fresh();
        source = database.pool(2);
        db = JdbcClient.create(source);
        accounts = new CopyRows(source, "bank_account", "account", "bank", "currency", "kind", "name");
    }

    @AfterAll
    static void close() {
        source.close();
    }

    @Test
    void textArrivesAsItIs() {
        String name = "tab\t line\n return\r back\\slash \\N \\. ü漢🙂 \"q\" 'a' ,";
        accounts.write(List.of(
                new Object[] {"A", "meridian", "EUR", "TRUST", name},
                new Object[] {"B", "meridian", "EUR", "FEE", ""}));
        assertThat(db.sql("select name from bank_account where account in ('A', 'B') order by account")
                        .query(String.class)
                        .list())
                .containsExactly(name, "");
    }

    @Test
    void eachElementOfAnArrayArrivesAsItIs() {
        JdbcClient owner = database.as(SandboxPostgres.MIGRATOR);
        owner.sql("create table arrays (words text[], numbers numeric[], small integer[])")
                .update();
        owner.sql("grant select, insert on arrays to sluice_app").update();
        List<String> words = List.of("tab\t back\\slash \"q\" {1,2} \\N", "", "NULL", "a,b", "ü漢🙂");
        new CopyRows(source, "arrays", "words", "numbers", "small").write(List.<Object[]>of(new Object[] {
            words, List.of(BigInteger.TEN.pow(30), -1L), new int[] {Integer.MIN_VALUE, 0, Integer.MAX_VALUE}
        }));
        assertThat(db.sql("select unnest(words) from arrays")
                        .query(String.class)
                        .list())
                .isEqualTo(words);
        assertThat(db.sql("select unnest(numbers)::text from arrays")
                        .query(String.class)
                        .list())
                .containsExactly("1" + "0".repeat(30), "-1");
        assertThat(db.sql("select small::text from arrays").query(String.class).single())
                .isEqualTo("{" + Integer.MIN_VALUE + ",0," + Integer.MAX_VALUE + "}");
        assertThatThrownBy(() -> new CopyRows(source, "arrays", "numbers")
                        .write(List.<Object[]>of(new Object[] {new int[] {1}})))
                .hasMessageContaining("found int[], expected a list of values of type NUMERIC");
    }

    /** What PostgreSQL reads is what it would have read of the same as text. */
    @Test
    void eachTypeArrivesAsItIs() {
        JdbcClient owner = database.as(SandboxPostgres.MIGRATOR);
        owner.sql(
                        "create table kinds (n integer, id uuid, day date, at timestamptz, small integer, large bigint, exact numeric,"
                                + " hash char(8), ids uuid[], sums bigint[], held boolean, seal bytea)")
                .update();
        owner.sql("grant select, insert on kinds to sluice_app").update();
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        System.out.println("CopyRows: seed " + seed);
        Random random = new Random(seed);
        List<@Nullable Object[]> rows = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int n = 0; n < 500; n++) {
            UUID id = new UUID(random.nextLong(), random.nextLong());
            LocalDate day = LocalDate.of(1900, 1, 1).plusDays(random.nextInt(100_000));
            Instant at = Instant.ofEpochSecond(random.nextLong(-3_000_000_000L, 4_000_000_000L))
                    .plusNanos(random.nextInt(1_000_000) * 1_000L);
            BigInteger exact = new BigInteger(random.nextInt(200), random)
                    .multiply(random.nextBoolean() ? BigInteger.ONE : BigInteger.TEN.pow(random.nextInt(20)))
                    .multiply(BigInteger.valueOf(random.nextInt(3) - 1L));
            int small = random.nextInt();
            long large = random.nextLong();
            byte[] seal = new byte[random.nextInt(4)];
            random.nextBytes(seal);
            List<UUID> ids = Collections.nCopies(random.nextInt(3), id);
            rows.add(new @Nullable Object[] {
                n, id, day, at, small, large, exact, "ab", ids, n % 7 == 0 ? null : List.of(large, 0L), n % 2 == 0, seal
            });
            expected.add(String.join(
                    " ",
                    id.toString(),
                    day.toString(),
                    Long.toString(at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000),
                    Integer.toString(small),
                    Long.toString(large),
                    exact.toString(),
                    "ab      |",
                    ids.toString().replace("[", "{").replace("]", "}").replace(", ", ","),
                    n % 7 == 0 ? "null" : "{" + large + ",0}",
                    n % 2 == 0 ? "t" : "f",
                    "\\x" + HexFormat.of().formatHex(seal)));
        }
        new CopyRows(
                        source, "kinds", "n", "id", "day", "at", "small", "large", "exact", "hash", "ids", "sums",
                        "held", "seal")
                .write(rows);
        assertThat(db.sql(
                                "select concat_ws(' ', id, day, (extract(epoch from at) * 1000000)::bigint, small, large, exact,"
                                        + " format('%s|', hash), ids, coalesce(sums::text, 'null'), held, seal) from kinds order by n")
                        .query(String.class)
                        .list())
                .isEqualTo(expected);
        new CopyRows(source, "kinds", "at")
                .write(List.<Object[]>of(new Object[] {Instant.parse("2026-11-23T08:16:24.9239849Z")}));
        assertThat(db.sql("select at = '2026-11-23T08:16:24.9239849Z' from kinds where n is null")
                        .query(Boolean.class)
                        .single())
                .as("rounded as a text is")
                .isTrue();
        assertThatThrownBy(() -> new CopyRows(source, "kinds", "large").write(List.<Object[]>of(new Object[] {"1"})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a whole number");
    }

    @Test
    void aRowThatIsRefusedLeavesNoneOfThemAndTheConnectionUsable() {
        Object[] row = {"C", "meridian", "EUR", "TRUST", "x"};
        assertThatThrownBy(() -> accounts.write(List.of(row, row))).isInstanceOf(DuplicateKeyException.class);
        assertThat(db.sql("select count(*) from bank_account where account = 'C'")
                        .query(Long.class)
                        .single())
                .isZero();
        accounts.write(List.of());
        assertThatThrownBy(() -> accounts.write(List.<Object[]>of(new Object[] {"D"})))
                .hasMessageContaining("found a row of 1 values");
        accounts.write(List.<Object[]>of(row));
    }
}
