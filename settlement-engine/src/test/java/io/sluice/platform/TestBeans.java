package io.sluice.platform;

import io.sluice.sandbox.SandboxPostgres;
import java.time.Clock;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/** The platform's beans on a test database, for tests that need no Spring. */
public record TestBeans(JdbcClient db, JdbcTemplate batch, Evidence evidence, Transactions transactions) {

    public static TestBeans on(TestDatabase database) {
        var dataSource = new SimpleDriverDataSource(
                new org.postgresql.Driver(),
                database.url(),
                SandboxPostgres.APP,
                database.password(SandboxPostgres.APP));
        JdbcClient db = JdbcClient.create(dataSource);
        return new TestBeans(
                db,
                new JdbcTemplate(dataSource),
                new Evidence(db, Clock.systemUTC()),
                new Transactions(new SpringTransactionManager(new DataSourceTransactionManager(dataSource))));
    }

    public AuditLog audit() {
        return new AuditLog(db);
    }
}
