package io.sluice.ledger;

import io.sluice.ledger.LedgerCommand.OpenBooks;
import io.sluice.ledger.LedgerCommand.PostJournal;
import io.sluice.ledger.ManualJournal.Line;
import io.sluice.ledger.ManualJournal.Side;
import io.sluice.money.Currencies;
import io.sluice.money.Money;
import io.sluice.platform.AuditLog;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.platform.Evidence;
import io.sluice.platform.Hashes;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import io.sluice.policies.WorkList;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Journals by hand: of a template, on its accounts, up to its limit, in an open period, for a reason, and only once a second person has
 * seen the lines. What a bank or a holder is concerned by needs a document.
 */
@Component
public class ManualJournals implements WorkList.Approvable {

    /**
     * A kind of journal.
     *
     * @param limits the most that one journal may debit; in no other currency
     */
    record Template(String template, String title, List<String> debit, List<String> credit, List<Money> limits) {}

    /** One that waits, or is posted. */
    record Drafted(
            String reference,
            String itemId,
            String hash,
            @Nullable String documentHash,
            String state) {}

    /**
     * As it was put forward.
     *
     * @param approvedBy the second person; null while it waits for one, and of one that was declined
     */
    public record Shown(
            ManualJournal journal, String madeBy, @Nullable String approvedBy, String state) {}

    private static final String ITEM = "JOURNAL-";
    private static final String SOURCE = "ledger/journal";
    private static final JsonMapper JSON = new JsonMapper();

    private final JdbcClient db;
    private final Commands commands;
    private final Periods periods;
    private final Evidence evidence;
    private final WorkList work;
    private final AuditLog audit;
    private final BusinessClock clock;
    private final Transactions transactions;

    ManualJournals(
            JdbcClient db,
            Commands commands,
            Periods periods,
            Evidence evidence,
            WorkList work,
            AuditLog audit,
            BusinessClock clock,
            Transactions transactions) {
        this.db = db;
        this.commands = commands;
        this.periods = periods;
        this.evidence = evidence;
        this.work = work;
        this.audit = audit;
        this.clock = clock;
        this.transactions = transactions;
    }

    List<Template> templates() {
        return db.sql("select template, title, debit, credit from journal_template order by template")
                .query((row, n) -> template(row))
                .list();
    }

    /**
     * Keeps a journal and puts it on the work list; the same again changes nothing.
     *
     * @param document what its hash is of; null where it has none
     * @throws Rejection {@code no-such-template}, {@code account-not-allowed}, {@code journal-currency}, {@code over-limit},
     *     {@code document-missing}, {@code period-closed}, {@code journal-exists} for other content under the same reference
     */
    Drafted draft(ManualJournal journal, byte @Nullable [] document, String maker) {
        check(journal);
        byte[] content = JSON.writeValueAsBytes(journal);
        String hash = Hashes.sha256(content);
        UUID id = Hashes.uuid("manual-journal", journal.reference());
        transactions.run(() -> {
            evidence.keep(SOURCE, content);
            if (document != null) {
                evidence.keep(SOURCE, document);
            }
            int kept = db.sql(
                            "insert into manual_journal (journal_id, reference, content_sha256, document_sha256, made_by, made_at)"
                                    + " values (:id, :reference, :content, :document, :maker, :at) on conflict do nothing")
                    .param("id", id)
                    .param("reference", journal.reference())
                    .param("content", hash)
                    .param("document", journal.documentHash())
                    .param("maker", maker)
                    .param("at", clock.now().atOffset(ZoneOffset.UTC))
                    .update();
            if (kept == 0 && !hash.equals(contentHash(journal.reference()).orElse(""))) {
                throw new Rejection(
                        "journal-exists", "reference: found " + journal.reference() + ", which names another journal");
            }
            work.open(ITEM + journal.reference(), kind(), hash, journal.summary(), maker);
        });
        return new Drafted(
                journal.reference(),
                ITEM + journal.reference(),
                hash,
                journal.documentHash(),
                state(journal.reference()));
    }

    /** @throws Rejection {@code no-such-journal} */
    public Shown show(String reference) {
        record Row(String content, String madeBy) {}
        Row row = db.sql("select content_sha256 as content, made_by from manual_journal where reference = ?")
                .param(reference)
                .query(Row.class)
                .optional()
                .orElseThrow(() -> none(reference));
        String approvedBy = db.sql("select done_by from work_item where item_id = ? and state = 'DONE'")
                .param(ITEM + reference)
                .query(String.class)
                .optional()
                .orElse(null);
        return new Shown(read(row.content()), row.madeBy(), approvedBy, state(reference));
    }

    /** What a work item of ours asks for; empty for any other item, and where its words were erased. */
    public Optional<ManualJournal> ofItem(String itemId) {
        return itemId.startsWith(ITEM)
                ? contentHash(itemId.substring(ITEM.length()))
                        .flatMap(evidence::find)
                        .map(content -> JSON.readValue(content, ManualJournal.class))
                : Optional.empty();
    }

    /**
     * What proves a journal. That it was read is written down.
     *
     * @throws Rejection {@code no-such-journal}, {@code no-document}
     */
    byte[] document(String reference, String reader) {
        String hash = Optional.ofNullable(show(reference).journal().documentHash())
                .orElseThrow(() -> new Rejection("no-document", "Journal " + reference + " has no document"));
        return transactions.in(() -> {
            audit.record(reader, "READ_JOURNAL_DOCUMENT", reference);
            return evidence.find(hash).orElseThrow(() -> new Rejection("erased", "Its bytes were erased"));
        });
    }

    @Override
    public String kind() {
        return "JOURNAL";
    }

    @Override
    public boolean mayBeDeclined() {
        return true;
    }

    @Override
    public void approve(String itemId, String hash, String approver) {
        ManualJournal journal =
                ofItem(itemId).orElseThrow(() -> none(itemId.substring(Math.min(itemId.length(), ITEM.length()))));
        if (!hash.equals(contentHash(journal.reference()).orElse(""))) {
            throw new Rejection("content-differs", "Journal " + journal.reference() + " is not what was approved");
        }
        check(journal);
        periods.oneAtATime();
        commands.begin(Period.LEDGER, new OpenBooks(Period.LEDGER));
        commands.send(new PostJournal(
                Period.LEDGER,
                Hashes.uuid("manual-journal", journal.reference()),
                journal.template(),
                journal.valueDate(),
                journal.lines().stream().map(Line::signed).toList(),
                hash,
                journal.documentHash()));
    }

    private void check(ManualJournal journal) {
        Template template = db.sql("select template, title, debit, credit from journal_template where template = ?")
                .param(journal.template())
                .query((row, n) -> template(row))
                .optional()
                .orElseThrow(() -> new Rejection(
                        "no-such-template",
                        "template: found " + journal.template() + ", expected one of "
                                + templates().stream().map(Template::template).toList()));
        LocalDate today = clock.today();
        if (journal.valueDate().isAfter(today)) {
            throw new Rejection(
                    "journal-invalid",
                    "valueDate: found " + journal.valueDate() + ", expected " + today + " or before");
        }
        begun().filter(journal.valueDate()::isBefore).ifPresent(first -> {
            throw new Rejection(
                    "journal-invalid",
                    "valueDate: found " + journal.valueDate() + ", expected " + first
                            + " or after, on which these books begin");
        });
        periods.closedThrough().filter(day -> !journal.valueDate().isAfter(day)).ifPresent(closed -> {
            throw new Rejection(
                    "period-closed",
                    "valueDate: found " + journal.valueDate() + ", expected a day after " + closed
                            + ", which is closed");
        });
        Map<String, String> bankAccounts = bankAccounts();
        for (int i = 0; i < journal.lines().size(); i++) {
            check(template, journal.lines().get(i), "lines[" + i + "].", bankAccounts);
        }
        movesSomething(journal.lines());
        isOfOneAgreement(journal.lines());
        withinLimit(template, journal);
        if (journal.documentHash() == null && journal.lines().stream().anyMatch(ManualJournals::needsDocument)) {
            throw new Rejection(
                    "document-missing", "document: found nothing, expected one for accounts of a bank or a holder");
        }
        takesWhatHoldersAreOwed(journal.lines());
    }

    /** What one agreement owes or holds goes to no other: each is covered by itself. */
    private static void isOfOneAgreement(List<Line> lines) {
        String first = null;
        for (int i = 0; i < lines.size(); i++) {
            String agreementId = lines.get(i).agreementId();
            if (first != null && agreementId != null && !agreementId.equals(first)) {
                throw new Rejection(
                        "journal-invalid",
                        "lines[" + i + "].agreementId: found " + agreementId + ", expected " + first
                                + ", as in a line before: a journal moves nothing from one agreement to another");
            }
            first = first == null ? agreementId : first;
        }
    }

    /** Of an agreement's holders, and no more than they are owed on that account. */
    private void takesWhatHoldersAreOwed(List<Line> lines) {
        Map<String, BigInteger> taken = new TreeMap<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (!isHolders(line)) {
                continue;
            }
            if (line.agreementId() == null) {
                throw new Rejection(
                        "journal-invalid",
                        "lines[" + i + "].agreementId: found nothing, expected the agreement whose holders it is of");
            }
            if (line.side() == Side.DEBIT) {
                BigInteger all = taken.merge(line.account(), line.amount().units(), BigInteger::add);
                BigInteger owed =
                        owed(line.account(), line.agreementId(), line.amount().currency());
                if (all.compareTo(owed) > 0) {
                    throw new Rejection(
                            "journal-invalid",
                            "lines[" + i + "].amount: found "
                                    + Money.of(all, line.amount().currency())
                                    + " in all, expected up to "
                                    + Money.of(owed, line.amount().currency()) + ", which " + line.account() + " of "
                                    + line.agreementId() + " is owed");
                }
            }
        }
    }

    private BigInteger owed(String account, String agreementId, String currency) {
        return db.sql(
                        "select coalesce(sum(-units), 0) from balance where account = ? and agreement_id = ? and currency = ?")
                .params(account, agreementId, currency)
                .query(BigDecimal.class)
                .single()
                .toBigIntegerExact()
                .max(BigInteger.ZERO);
    }

    /** The first value date that anything was booked by; empty while nothing was. */
    private Optional<LocalDate> begun() {
        return db.sql("select min(value_date) from day_balance")
                .query((row, n) -> Optional.ofNullable(row.getObject(1, LocalDate.class)))
                .single();
    }

    /** What debits and credits one account is in the books and on the work list, and moves less than it says, or nothing. */
    private static void movesSomething(List<Line> lines) {
        for (int i = 0; i < lines.size(); i++) {
            for (int j = 0; j < i; j++) {
                Line line = lines.get(i);
                Line before = lines.get(j);
                if (line.side() != before.side()
                        && line.account().equals(before.account())
                        && Objects.equals(line.agreementId(), before.agreementId())) {
                    throw new Rejection(
                            "journal-invalid",
                            "lines[" + i + "].account: found " + line.account() + ", as on the other side in lines[" + j
                                    + "], expected an account to be debited or credited, not both");
                }
            }
        }
    }

    private static boolean needsDocument(Line line) {
        return line.account().startsWith("bank.") || isHolders(line);
    }

    private static boolean isHolders(Line line) {
        return line.account().startsWith("holder.");
    }

    /** A bank account is its store's agreement's, or of those whose trust or fees it holds. */
    private void isTheAgreements(String account, String agreementId, String field) {
        List<String> its = db.sql(
                        "select agreement_id from store where collection_account = :account union"
                                + " select agreement_id from agreement where :account in (trust_account, fee_account) order by 1")
                .param("account", account)
                .query(String.class)
                .list();
        if (!its.contains(agreementId)) {
            throw new Rejection(
                    "journal-invalid",
                    field + "agreementId: found " + agreementId + ", expected none"
                            + (its.isEmpty() ? "" : " or one of " + its) + " for bank account " + account);
        }
    }

    private void check(Template template, Line line, String field, Map<String, String> bankAccounts) {
        List<String> allowed = line.side() == Side.DEBIT ? template.debit() : template.credit();
        String account = line.account();
        int slash = account.indexOf('/');
        String named = slash < 0 ? account : account.substring(0, slash) + "/*";
        String its = slash < 0 ? null : bankAccounts.get(account.substring(slash + 1));
        if (!allowed.contains(named) || (slash >= 0 && its == null)) {
            throw new Rejection(
                    "account-not-allowed",
                    field + "account: found " + account + ", expected one of " + allowed + " of registered accounts");
        }
        String currency = line.amount().currency();
        String agreementId = line.agreementId();
        if (its != null && agreementId != null) {
            isTheAgreements(account.substring(slash + 1), agreementId, field);
        }
        boolean known = agreementId == null
                ? bankAccounts.containsValue(plain(currency)) && (its == null || its.equals(currency))
                : currencyOf(agreementId, field).equals(plain(currency)) && (its == null || its.equals(currency));
        if (!known) {
            throw new Rejection(
                    "journal-currency",
                    field + "amount: found " + line.amount() + ", which is not in the currency of "
                            + (agreementId == null ? account : agreementId));
        }
    }

    private static String plain(String currency) {
        return Currencies.isStablecoin(currency) ? currency.substring(1) : currency;
    }

    private void withinLimit(Template template, ManualJournal journal) {
        Money limit = template.limits().stream()
                .filter(one -> one.currency().equals(journal.currency()))
                .findFirst()
                .orElseThrow(() -> new Rejection(
                        "over-limit",
                        template.template() + " has no limit in " + journal.currency() + ", so that none may be"));
        if (journal.total().units().compareTo(limit.units()) > 0) {
            throw new Rejection("over-limit", "lines: found " + journal.total() + ", expected up to " + limit);
        }
    }

    private Map<String, String> bankAccounts() {
        Map<String, String> accounts = new TreeMap<>();
        db.sql("select account, currency from bank_account").query(row -> {
            accounts.put(row.getString(1), row.getString(2));
        });
        return accounts;
    }

    private String currencyOf(String agreementId, String field) {
        return db.sql("select currency from agreement where agreement_id = ?")
                .param(agreementId)
                .query(String.class)
                .optional()
                .orElseThrow(() -> new Rejection(
                        "unknown-agreement", field + "agreementId: there is no agreement \"" + agreementId + "\""));
    }

    private Optional<String> contentHash(String reference) {
        return db.sql("select content_sha256 from manual_journal where reference = ?")
                .param(reference)
                .query(String.class)
                .optional();
    }

    private ManualJournal read(String hash) {
        return JSON.readValue(
                evidence.find(hash).orElseThrow(() -> new Rejection("erased", "Its words were erased")),
                ManualJournal.class);
    }

    private String state(String reference) {
        return db.sql("select state from work_item where item_id = ?")
                .param(ITEM + reference)
                .query(String.class)
                .optional()
                .map(state -> state.equals("DONE") ? "POSTED" : state.equals("OPEN") ? "PENDING_APPROVAL" : state)
                .orElse("PENDING_APPROVAL");
    }

    private static Rejection none(String reference) {
        return new Rejection("no-such-journal", "There is no journal " + reference);
    }

    private Template template(ResultSet row) throws SQLException {
        String template = row.getString(1);
        List<Money> limits = db.sql("select units, currency from journal_limit where template = ? order by currency")
                .param(template)
                .query((limit, n) -> Money.of(limit.getLong(1), limit.getString(2)))
                .list();
        return new Template(template, row.getString(2), texts(row, 3), texts(row, 4), limits);
    }

    private static List<String> texts(ResultSet row, int column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }
}
