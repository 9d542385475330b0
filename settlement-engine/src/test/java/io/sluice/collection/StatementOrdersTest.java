package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.sluice.TestEngine;
import io.sluice.bank.BankEntry;
import io.sluice.bank.Direction;
import io.sluice.bank.iso20022.CamtDialect;
import io.sluice.bank.iso20022.CamtEntry;
import io.sluice.bank.iso20022.CamtMessage;
import io.sluice.bank.iso20022.CamtReader;
import io.sluice.bank.iso20022.CamtReport;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.collection.InflowIdentity.Decision;
import io.sluice.collection.InflowIdentity.Known;
import io.sluice.platform.Commands;
import io.sluice.platform.Hashes;
import io.sluice.platform.Transactions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A real bank's daily statements, each also told as a camt.052 and as camt.054s with the same entries, whose references are kept, dropped,
 * or kept with each entry in a message of its own: whatever the order, there are as many inflows as the statements have credits.
 */
class StatementOrdersTest {

    private static final Pattern ENTRY = Pattern.compile("<Ntry>.*?</Ntry>", Pattern.DOTALL);

    private static final List<String> ACCOUNTS = List.of("LT625883379695428516", "LT414319056143772570");

    private record Message(String name, byte[] body) {

        /** The same of other accounts. */
        byte[] on(String suffix) {
            String text = new String(body, StandardCharsets.UTF_8);
            for (String account : ACCOUNTS) {
                text = text.replace(account + "</Id>", account + suffix + "</Id>");
            }
            return bytes(text);
        }
    }

    private final Map<String, Map<UUID, Known>> byAccount = new LinkedHashMap<>();
    private final Map<UUID, String> money = new LinkedHashMap<>();

    @Test
    void theInflowsOfRealStatementsAreTheSameInWhateverOrderTheirCreditsAreTold() throws IOException {
        Told told = told();
        for (List<Message> order : told.orders()) {
            byAccount.clear();
            money.clear();
            order.forEach(this::tell);
            assertThat(money.values().stream().sorted().toList())
                    .as("seed %d", told.seed())
                    .isEqualTo(told.credits());
        }
    }

    /** Each order has accounts of its own, whose books are compared in the end. */
    @Test
    void theBooksOfRealStatementsAreTheSameInWhateverOrderTheirCreditsAreTold(@TempDir Path dir) throws IOException {
        Told told = told();
        try (TestEngine engine = TestEngine.start(dir)) {
            JdbcClient db = engine.bean(JdbcClient.class);
            Inbox inbox = engine.bean(Inbox.class);
            for (int order = 0; order < told.orders().size(); order++) {
                for (String account : ACCOUNTS) {
                    String mine = account + "-" + order;
                    engine.bean(Commands.class)
                            .begin(mine, new RegisterAccount(mine, "folder", "EUR", AccountKind.COLLECTION, "real"));
                }
            }
            until(db, "select count(*) = 6 from bank_account where name = 'real'");
            for (int order = 0; order < told.orders().size(); order++) {
                int number = order;
                engine.bean(Transactions.class)
                        .run(() -> told.orders()
                                .get(number)
                                .forEach(message -> inbox.keepFile("folder", message.on("-" + number))));
            }
            engine.bean(InboxReader.class).wake();
            until(db, "select count(*) = 0 from inbox where state <> 'DONE'");
            until(db, "select count(*) = " + 3 * told.statements() + " from bank_statement");
            until(db, "select count(*) = 0 from statement_queue");
            until(
                    db,
                    "select count(*) = " + 3 * told.credits().size()
                            + " and (select coalesce(sum(units), 0) from balance where account like 'bank.collection/LT%')"
                            + " = (select sum(units) from inflow) from inflow");
            List<Map<String, Object>> inOrder = books(db, 0);
            for (int order = 0; order < told.orders().size(); order++) {
                assertThat(books(db, order))
                        .as("order %d, seed %d", order, told.seed())
                        .isEqualTo(inOrder);
            }
            assertThat(inOrder).noneMatch(row -> String.valueOf(row.get("what")).startsWith("break CONTINUITY"));
            assertThat(inOrder.stream()
                            .filter(row -> String.valueOf(row.get("what")).startsWith("inflow")))
                    .as("seed %d", told.seed())
                    .hasSameSizeAs(told.credits());
            assertThat(db.sql("select count(*) from parked_sighting")
                            .query(Integer.class)
                            .single())
                    .isZero();
        }
    }

    private static void until(JdbcClient db, String holds) {
        Awaitility.await(holds)
                .atMost(Duration.ofMinutes(4))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> db.sql(holds).query(Boolean.class).single());
    }

    /** Inflows, balances, statements with their lines, open breaks and freezes of one order's accounts, without what names them. */
    private static List<Map<String, Object>> books(JdbcClient db, int order) {
        return db.sql("""
                        with mine as (select account, left(account, -2) as name from bank_account where account like '%-' || :order)
                        select name, 'inflow ' || value_date || ' ' || units || ' ' || currency || ' ' || kind || ' ' || state as what
                        from inflow join mine using (account)
                        union all
                        select name, 'balance ' || units from balance b join mine m on b.account = 'bank.collection/' || m.account
                        union all
                        select name, 'statement ' || bank_reference || ' ' || day || ' ' || opening_units || ' ' || closing_units
                            || ' ' || entries from bank_statement join mine using (account)
                        union all
                        select name, 'line ' || bank_reference || ' ' || line_no || ' ' || direction || ' ' || l.units || ' ' || l.state
                            || ' ' || coalesce(rule, '-') from statement_line l join bank_statement using (statement_id) join mine using (account)
                        union all
                        select name, 'break ' || type || ' ' || raised_on || ' ' || detail
                        from reconciliation_break join mine using (account) where resolved_on is null
                        union all
                        select name, 'frozen ' || reason from release_freeze join mine using (account) where lifted_at is null
                        order by 1, 2
                        """).param("order", order).query().listOfRows();
    }

    /** The statements and what is derived of them, in order, in reverse and shuffled. */
    private record Told(long seed, int statements, List<String> credits, List<List<Message>> orders) {}

    private static Told told() throws IOException {
        String corpus = System.getProperty("sluice.corpus", "");
        if (corpus.isBlank()) {
            System.err.println("Skipped: the property sluice.corpus names no folder of bank messages.");
        }
        assumeThat(corpus).isNotBlank();
        long seed = Long.getLong("sluice.seed", System.nanoTime());
        System.out.println("StatementOrdersTest seed " + seed + " (rerun with -Dsluice.seed=" + seed + ")");
        Random random = new Random(seed);
        List<Message> messages = new ArrayList<>();
        List<String> credits = new ArrayList<>();
        int statements = 0;
        try (Stream<Path> files = Files.list(Path.of(corpus, "subite/LT625883379695428516/CAMT_053"))) {
            for (Path file : files.sorted().toList()) {
                byte[] body = Files.readAllBytes(file);
                LocalDate day = null;
                for (CamtReport report : new CamtReader().read(body).reports()) {
                    LocalDate closing = report.header().closingDay().orElseThrow();
                    day = closing;
                    statements++;
                    report.entries().stream()
                            .map(entry -> entry.toBankEntry(report.header(), CamtDialect.TERSE_STATEMENTS))
                            .filter(entry -> entry.direction() == Direction.CREDIT)
                            .forEach(entry -> credits.add(
                                    closing + " " + entry.amount().setScale(2).toPlainString()));
                }
                String text = new String(body, StandardCharsets.UTF_8);
                messages.add(new Message(file.getFileName() + " 053", body));
                for (int way = 0; way < 3; way++) {
                    messages.addAll(derived(
                            file.getFileName() + " 052." + way, text, day, "BkToCstmrAcctRpt", "Rpt", "052", way));
                    messages.addAll(derived(
                            file.getFileName() + " 054." + way,
                            text,
                            day,
                            "BkToCstmrDbtCdtNtfctn",
                            "Ntfctn",
                            "054",
                            way));
                }
            }
        }
        assertThat(statements).isGreaterThan(90);
        Collections.sort(credits);

        List<Message> reversed = new ArrayList<>(messages);
        Collections.reverse(reversed);
        List<Message> shuffled = new ArrayList<>(messages);
        Collections.shuffle(shuffled, random);
        return new Told(seed, statements, credits, List.of(messages, reversed, shuffled));
    }

    /** @param way 0: references kept; 1: dropped; 2: kept, each entry in a message of its own */
    private static List<Message> derived(
            String name, String statement, LocalDate day, String root, String report, String version, int way) {
        String text = statement
                .replace("BkToCstmrStmt", root)
                .replace("<Stmt>", "<" + report + ">")
                .replace("</Stmt>", "</" + report + ">")
                .replaceAll("camt\\.053\\.001\\.\\d\\d", "camt." + version + ".001.08")
                .replaceAll("<Bal>.*?</Bal>", "")
                .replaceAll("<TxsSummry>.*?</TxsSummry>", "")
                .replaceAll(
                        "(</CdtDbtInd>)(<AcctSvcrRef>)",
                        "$1<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>" + day + "</Dt></BookgDt><ValDt><Dt>" + day
                                + "</Dt></ValDt>$2");
        if (way == 1) {
            return List.of(new Message(
                    name,
                    bytes(text.replaceAll("<AcctSvcrRef>.*?</AcctSvcrRef>", "")
                            .replaceAll("<NtryRef>.*?</NtryRef>", ""))));
        }
        if (way == 0) {
            return List.of(new Message(name, bytes(text)));
        }
        List<Message> messages = new ArrayList<>();
        Pattern reports = Pattern.compile("<" + report + ">.*?</" + report + ">", Pattern.DOTALL);
        String head = text.substring(0, text.indexOf("<" + report + ">"));
        String tail = text.substring(text.lastIndexOf("</" + report + ">") + report.length() + 3);
        Matcher one = reports.matcher(text);
        while (one.find()) {
            Matcher entry = ENTRY.matcher(one.group());
            String frame = ENTRY.matcher(one.group()).replaceAll("").replace("</" + report + ">", "");
            while (entry.find()) {
                messages.add(new Message(
                        name + "." + messages.size(),
                        bytes(head + frame + entry.group() + "</" + report + ">" + tail)));
            }
        }
        return messages;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void tell(Message message) {
        int line = 0;
        for (CamtReport report : new CamtReader().read(message.body()).reports()) {
            line = tell(message, report, line);
        }
    }

    private int tell(Message message, CamtReport report, int firstLine) {
        boolean daily = report.header().message().kind() == CamtMessage.Kind.STATEMENT;
        String account = report.header().account();
        Map<UUID, Known> store = byAccount.computeIfAbsent(account, a -> new LinkedHashMap<>());
        List<Sighting> sightings = new ArrayList<>();
        String evidence = Hashes.sha256(message.body());
        int line = firstLine;
        for (CamtEntry entry : report.entries()) {
            BankEntry read = entry.toBankEntry(report.header(), CamtDialect.TERSE_STATEMENTS);
            if (read.direction() == Direction.CREDIT) {
                sightings.add(Sighting.of(
                        read,
                        line,
                        message.name(),
                        evidence,
                        report.header().closingDay().orElse(null),
                        daily));
                assertThat(sightings.getLast().isMoney()).as(message.name()).isTrue();
            }
            line++;
        }
        for (Decision decision :
                new InflowIdentity(account, AccountPolicy.BOOKED_NOTICE, store.values(), false).decide(sightings)) {
            Decision.Of of = (Decision.Of) decision;
            Known known = store.computeIfAbsent(of.inflowId(), Known::new);
            of.newKeys().forEach(known::addKey);
            known.addSighting(
                    of.sighting().evidenceSha256(),
                    of.sighting().line(),
                    of.sighting().entry().valueDate(),
                    of.sighting().statementDay());
            money.putIfAbsent(
                    of.inflowId(),
                    of.sighting().valueDate(LocalDate.EPOCH) + " "
                            + of.sighting().entry().amount().setScale(2).toPlainString());
        }
        return line;
    }
}
