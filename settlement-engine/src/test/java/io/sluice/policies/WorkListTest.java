package io.sluice.policies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.platform.Rejection;
import io.sluice.platform.TestBeans;
import io.sluice.platform.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class WorkListTest {

    private final List<String> approved = new ArrayList<>();
    private TestBeans beans;
    private WorkList work;

    @BeforeEach
    void wire() {
        beans = TestBeans.on(TestDatabase.fresh());
        StaticListableBeanFactory rules = new StaticListableBeanFactory();
        rules.addBean("rules", new WorkList.Approvable() {
            @Override
            public String kind() {
                return "RULE";
            }

            @Override
            public void approve(String itemId, String hash, String approver) {
                approved.add(itemId);
            }

            @Override
            public boolean mayBeDeclined() {
                return true;
            }
        });
        work = new WorkList(
                beans.db(),
                () -> Instant.parse("2026-11-23T09:00:00Z"),
                beans.audit(),
                beans.transactions(),
                rules.getBeanProvider(WorkList.Approvable.class));
    }

    @Test
    void whatIsToldAgainHasItsNewestWordsAndEndsByItself() {
        work.tell("CHAIN-1", "h", "It waits: paused");
        work.tell("CHAIN-1", "h", "It waits: cap exceeded");
        assertThat(work.openItems())
                .singleElement()
                .satisfies(item -> assertThat(item.summary()).isEqualTo("It waits: cap exceeded"));

        work.withdraw("CHAIN-1");
        assertThat(work.openItems()).isEmpty();
        work.tell("CHAIN-1", "h", "It waits again");
        assertThat(work.openItems()).hasSize(1);

        work.dismiss("CHAIN-1", "known, and harmless", "tom");
        work.tell("CHAIN-1", "h", "It still waits");
        assertThat(work.openItems()).isEmpty();
    }

    @Test
    void whatIsToldIsDismissedOnceWithAWordOnHowAndByName() {
        work.tell("CHAIN-1", "h", "It waits");
        assertThatThrownBy(() -> work.dismiss("CHAIN-1", "  ", "tom")).hasMessageContaining("few words");
        work.dismiss("CHAIN-1", " the cap was raised ", "tom");
        assertThatThrownBy(() -> work.dismiss("CHAIN-1", "again", "tom")).isInstanceOf(Rejection.class);
        assertThat(work.openItems()).isEmpty();
        assertThat(beans.db()
                        .sql("select done_by || ': ' || note from work_item")
                        .query(String.class)
                        .list())
                .containsExactly("tom: the cap was raised");
        assertThat(audited()).containsExactly("tom DISMISS_ITEM CHAIN-1");
    }

    @Test
    void whatWaitsForAnApprovalCannotBeDismissedNorWhatOnlyTellsBeApproved() {
        work.open("RULE-1", "RULE", "h", "A rule", "ann");
        work.tell("CHAIN-1", "h", "It waits");
        assertThatThrownBy(() -> work.dismiss("RULE-1", "no", "tom")).isInstanceOf(Rejection.class);
        assertThatThrownBy(() -> work.approve("CHAIN-1", "h", "bob"))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining("only tells");
        assertThat(work.openItems()).hasSize(2);
        assertThat(audited()).isEmpty();

        work.approve("RULE-1", "h", "bob");
        assertThat(approved).containsExactly("RULE-1");
        assertThat(audited()).containsExactly("bob APPROVE_ITEM RULE-1");
    }

    @Test
    void whatIsDeclinedCanBePutForwardAgainAndIsThenOfWhoDoesIt() {
        work.open("RULE-1", "RULE", "h", "A rule", "ann");
        assertThatThrownBy(() -> work.decline("RULE-1", " ", "bob", true)).hasMessageContaining("found nothing");
        assertThatThrownBy(() -> work.decline("RULE-1", "no", "tom", false))
                .hasMessageContaining("or ann takes it back");
        work.decline("RULE-1", "the fee is missing", "bob", true);
        assertThat(work.openItems()).isEmpty();
        assertThatThrownBy(() -> work.approve("RULE-1", "h", "bob")).hasMessageContaining("Nothing of this id");
        assertThatThrownBy(() -> work.decline("RULE-1", "no", "bob", true)).hasMessageContaining("Nothing of this id");

        work.open("RULE-1", "RULE", "h", "A rule", "bob");
        assertThatThrownBy(() -> work.approve("RULE-1", "h", "bob")).hasMessageContaining("by somebody else");
        assertThatThrownBy(() -> work.approve("RULE-1", "h", "ann"))
                .as("who put it forward at first")
                .hasMessageContaining("by somebody else");
        work.decline("RULE-1", "not yet", "bob", false);
        work.open("RULE-1", "RULE", "h", "A rule", "ann");
        work.approve("RULE-1", "h", "cy");
        assertThat(approved).containsExactly("RULE-1");
        work.open("RULE-1", "RULE", "h", "A rule", "ann");
        assertThat(work.openItems()).as("what is approved does not wait again").isEmpty();
        assertThat(audited())
                .containsExactly("bob DECLINE_ITEM RULE-1", "bob DECLINE_ITEM RULE-1", "cy APPROVE_ITEM RULE-1");
    }

    @Test
    void whatTheEngineAsksForIsNotDeclined() {
        work.open("FREEZE-1", "FREEZE", "h", "Nothing leaves", "engine");
        work.tell("CHAIN-1", "h", "It waits");
        for (String item : List.of("FREEZE-1", "CHAIN-1")) {
            assertThatThrownBy(() -> work.decline(item, "no", "bob", true))
                    .hasMessageContaining("stands until its cause is gone");
        }
        assertThat(work.openItems()).hasSize(2).noneMatch(WorkList.Item::mayBeDeclined);
    }

    private List<String> audited() {
        return beans.db()
                .sql("select username || ' ' || action || ' ' || subject from audit_log")
                .query(String.class)
                .list();
    }
}
