package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.sandbox.SandboxPostgres;
import java.math.BigInteger;
import java.util.List;
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
        owner.sql("create table arrays (words text[], numbers numeric[])").update();
        owner.sql("grant select, insert on arrays to sluice_app").update();
        List<String> words = List.of("tab\t back\\slash \"q\" {1,2} \\N", "", "NULL", "a,b", "ü漢🙂");
        new CopyRows(source, "arrays", "words", "numbers").write(List.<Object[]>of(new Object[] {
            words, List.of(BigInteger.TEN.pow(30), -1L)
        }));
        assertThat(db.sql("select unnest(words) from arrays")
                        .query(String.class)
                        .list())
                .isEqualTo(words);
        assertThat(db.sql("select unnest(numbers)::text from arrays")
                        .query(String.class)
                        .list())
                .containsExactly("1" + "0".repeat(30), "-1");
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
