package io.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

class CopyRowsTest {

    private static HikariDataSource source;
    private static JdbcClient db;
    private static CopyRows accounts;

    @BeforeAll
    static void open() {
        TestDatabase database = TestDatabase.fresh();
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
