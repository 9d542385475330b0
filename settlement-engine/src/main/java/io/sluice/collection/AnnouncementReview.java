package io.sluice.collection;

import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Hashes;
import io.sluice.platform.Worker;
import io.sluice.policies.OneByOne;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Looks through what is announced on an account when its policy has changed, and once each business day: what counts by the policy as it
 * is was told already, and nobody tells it again. The daily look finds what was taken in by the former policy while it changed. An account
 * that fails holds no other up.
 */
@Component
class AnnouncementReview extends Worker {

    private static final int BATCH = 500;
    private static final Logger log = LoggerFactory.getLogger(AnnouncementReview.class);

    private final JdbcClient db;
    private final BankAccounts accounts;
    private final NoticeRecorder recorder;
    private final OneByOne oneByOne;
    private final BusinessClock clock;

    AnnouncementReview(
            JdbcClient db, BankAccounts accounts, NoticeRecorder recorder, OneByOne oneByOne, BusinessClock clock) {
        super("announcements");
        this.db = db;
        this.accounts = accounts;
        this.recorder = recorder;
        this.oneByOne = oneByOne;
        this.clock = clock;
    }

    @Override
    protected Duration idle() {
        return Duration.ofSeconds(2);
    }

    @Override
    protected boolean work() {
        LocalDate today = clock.today();
        AtomicBoolean more = new AtomicBoolean();
        for (String name : due(today)) {
            oneByOne.run(
                    "ANNOUNCED-ON-" + Hashes.sha256(name),
                    "Looking through what is announced on " + DeliveredNotices.masked(name),
                    () -> {
                        if (review(name, today)) {
                            more.set(true);
                        }
                    });
        }
        return more.get();
    }

    private List<String> due(LocalDate today) {
        return db.sql(
                        "select account from bank_account b where not exists (select 1 from announcement_review r"
                                + " where r.account = b.account and r.policy = b.policy and r.reviewed_on >= ?) order by account")
                .param(today)
                .query(String.class)
                .list();
    }

    private boolean review(String name, LocalDate today) {
        BankAccount account = accounts.find(name).orElseThrow();
        int found = recorder.recordAnnounced(account, BATCH);
        if (found > 0) {
            log.info("{} announced credits count by policy {}", found, account.policy());
        }
        if (found == BATCH) {
            return true;
        }
        db.sql("insert into announcement_review (account, policy, reviewed_on) values (?, ?, ?) on conflict (account)"
                        + " do update set policy = excluded.policy, reviewed_on = excluded.reviewed_on")
                .params(name, account.policy().name(), today)
                .update();
        return false;
    }
}
