package io.sluice.collection;

import io.sluice.bank.BankAdapter;
import io.sluice.bank.BankEntry;
import io.sluice.bank.BankFailure;
import io.sluice.bank.BankTransactions;
import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Evidence;
import io.sluice.platform.Hashes;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import io.sluice.policies.WorkList;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Once each business day, compares the movements that a bank lists with what it told: what no webhook told is recorded by the same road,
 * what was told is recognised. A page and the place behind it are one transaction; the bank is asked outside it.
 */
@Component
class TransactionSweep extends Worker {

    private static final Logger log = LoggerFactory.getLogger(TransactionSweep.class);

    private final Banks banks;
    private final BankAccounts accounts;
    private final NoticeRecorder recorder;
    private final Reversals reversals;
    private final ReturnedTransfers returned;
    private final Announcements announcements;
    private final Evidence evidence;
    private final WorkList work;
    private final JdbcClient db;
    private final Transactions transactions;
    private final BusinessClock clock;
    private final JsonMapper json = JsonMapper.builder().build();

    TransactionSweep(
            Banks banks,
            BankAccounts accounts,
            NoticeRecorder recorder,
            Reversals reversals,
            ReturnedTransfers returned,
            Announcements announcements,
            Evidence evidence,
            WorkList work,
            JdbcClient db,
            Transactions transactions,
            BusinessClock clock) {
        super("sweep");
        this.banks = banks;
        this.accounts = accounts;
        this.recorder = recorder;
        this.reversals = reversals;
        this.returned = returned;
        this.announcements = announcements;
        this.evidence = evidence;
        this.work = work;
        this.db = db;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    protected Duration idle() {
        return Duration.ofSeconds(5);
    }

    @Override
    protected boolean work() {
        LocalDate today = clock.today();
        boolean more = false;
        for (String name : due(today)) {
            BankAccount account = accounts.find(name).orElseThrow();
            BankAdapter bank = banks.find(account.bank()).orElse(null);
            try {
                more |= bank == null || bank.transactions().isEmpty()
                        ? finish(account, "", today)
                        : sweep(account, bank.transactions().get(), today);
            } catch (BankFailure e) {
                log.info("The movements of an account at {} could not be listed: {}", account.bank(), e.getMessage());
            }
        }
        return more;
    }

    private List<String> due(LocalDate today) {
        return db.sql("select account from bank_account b where not exists (select 1 from transaction_sweep s"
                        + " where s.account = b.account and s.swept_on >= ?) order by account")
                .param(today)
                .query(String.class)
                .list();
    }

    private boolean sweep(BankAccount account, BankTransactions bank, LocalDate today) {
        String from = db.sql("select position from transaction_sweep where account = ?")
                .param(account.account())
                .query(String.class)
                .optional()
                .orElse("");
        BankTransactions.Page page = bank.after(account.account(), from);
        transactions.run(() -> {
            record(account, page.entries());
            if (page.more()) {
                place(account, page.next(), null);
            } else {
                finish(account, page.next(), today);
            }
        });
        return page.more();
    }

    private boolean finish(BankAccount account, String position, LocalDate today) {
        transactions.run(() -> {
            place(account, position, today);
            reversals.tellOverdue(account);
            announcements.lapseOverdue(account);
            returned.tellOverdue(account.bank());
        });
        return false;
    }

    private void place(BankAccount account, String position, @Nullable LocalDate sweptOn) {
        db.sql("insert into transaction_sweep (account, position, swept_on) values (?, ?, ?) on conflict (account)"
                        + " do update set position = excluded.position, swept_on = excluded.swept_on")
                .param(account.account())
                .param(position)
                .param(sweptOn)
                .update();
    }

    private void record(BankAccount account, List<BankEntry> listed) {
        // A bank's pages may overlap, in one page too; by its own ids a movement is one.
        Map<String, BankEntry> movements = new LinkedHashMap<>();
        for (BankEntry entry : listed) {
            String id = entry.bankTransactionId();
            movements.putIfAbsent(
                    id == null ? "#" + movements.size() : entry.direction() + " " + entry.status() + " " + id, entry);
        }
        byte[] page = json.writeValueAsBytes(movements.values());
        String sha256 = Hashes.sha256(page);
        List<Sighting> sightings = new ArrayList<>();
        int line = 0;
        for (BankEntry entry : movements.values()) {
            try {
                Sighting sighting = Sighting.of(entry, line, account.bank(), sha256, null, false)
                        .asListed();
                if (!entry.account().equals(account.account())) {
                    throw new IllegalArgumentException("it is on another account than was asked for");
                }
                if (!entry.currency().equals(account.currency())) {
                    throw new IllegalArgumentException(
                            "the account holds " + account.currency() + ", not " + entry.currency());
                }
                if (!recorder.isKnown(account, sighting)) {
                    sightings.add(sighting);
                }
            } catch (IllegalArgumentException e) {
                work.open(
                        "SWEEP-" + sha256.substring(0, 16) + "-" + line,
                        "PARKED",
                        sha256,
                        "A movement that bank " + account.bank() + " lists cannot be recorded: " + e.getMessage(),
                        "engine");
            }
            line++;
        }
        if (!sightings.isEmpty()) {
            evidence.keep(account.bank(), page);
            int found = recorder.record(account, sightings);
            if (found > 0) {
                log.info("{} credits at {} were listed and not told so far", found, account.bank());
            }
        }
    }
}
