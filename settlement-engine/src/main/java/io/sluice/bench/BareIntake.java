package io.sluice.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.sluice.bank.BankAdapter;
import io.sluice.bank.Verdict;
import io.sluice.bank.WebhookDelivery;
import io.sluice.bank.meridian.MeridianBank;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import picocli.CommandLine.Command;

/** The limit of W4: the same server and the same check of the signature, one row inserted and committed for each delivery, and no more. */
@Command(name = "bare-intake", hidden = true)
final class BareIntake implements Callable<Integer> {

    /** One row per event, as the least that anybody could keep. */
    static final String TABLE = """
            create table bare_delivery (
                source      text        not null,
                event_id    text        not null,
                body        bytea       not null,
                received_at timestamptz not null default now(),
                primary key (source, event_id)
            );
            grant select, insert on bare_delivery to sluice_app""";

    /** Connections of either contestant to the database, which has room for both. */
    static final int CONNECTIONS = 20;

    @Override
    public Integer call() throws IOException, LifecycleException {
        Map<String, String> env = System.getenv();
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(env.get("SLUICE_DB_URL"));
        pool.setUsername("sluice_app");
        pool.setPassword(env.get("SLUICE_DB_PASSWORD"));
        pool.setMaximumPoolSize(CONNECTIONS);
        BankAdapter bank = MeridianBank.fromKeys(
                URI.create(String.valueOf(env.get("SLUICE_BANK_MERIDIAN_URL"))),
                Path.of(String.valueOf(env.get("SLUICE_BANK_MERIDIAN_KEYS"))));
        try (HikariDataSource db = new HikariDataSource(pool)) {
            Tomcat tomcat = new Tomcat();
            tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
            tomcat.setPort(0);
            Context context = tomcat.addContext("", null);
            Tomcat.addServlet(context, "bare", new Keeping(bank, db));
            context.addServletMappingDecoded("/hooks/meridian", "bare");
            tomcat.getConnector();
            tomcat.start();
            try {
                Contestant.obey(tomcat.getConnector().getLocalPort(), order -> {});
            } finally {
                tomcat.stop();
                tomcat.destroy();
            }
        }
        return 0;
    }

    private static final class Keeping extends HttpServlet {

        private static final long serialVersionUID = 1L;
        private static final List<String> HEADERS = List.of("webhook-id", "webhook-timestamp", "webhook-signature");

        private final transient BankAdapter bank;
        private final transient DataSource db;

        Keeping(BankAdapter bank, DataSource db) {
            this.bank = bank;
            this.db = db;
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            byte[] body = request.getInputStream().readAllBytes();
            Map<String, List<String>> headers = new HashMap<>();
            for (String name : HEADERS) {
                headers.put(name.toLowerCase(Locale.ROOT), List.of(String.valueOf(request.getHeader(name))));
            }
            if (!(bank.verify(new WebhookDelivery(headers, body), Instant.now())
                    instanceof Verdict.Verified verified)) {
                response.setStatus(401);
                return;
            }
            try (Connection connection = db.getConnection();
                    PreparedStatement insert = connection.prepareStatement(
                            "insert into bare_delivery (source, event_id, body) values (?, ?, ?) on conflict do nothing")) {
                insert.setString(1, bank.name());
                insert.setString(2, verified.eventId());
                insert.setBytes(3, body);
                insert.executeUpdate();
                response.setStatus(204);
            } catch (SQLException e) {
                response.setStatus(503);
            }
        }
    }
}
