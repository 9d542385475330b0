package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bank.BankEntry;
import io.sluice.bank.Direction;
import io.sluice.bank.EntryStatus;
import io.sluice.platform.Rejection;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClassificationTest {

    private static final String OURS = "SLA" + "A".repeat(26);
    private static final List<ClassificationRule> RULES = List.of(
            new ClassificationRule("interest", InflowKind.INTEREST, null, null, null, "PMNT/INTR"),
            new ClassificationRule("owner", InflowKind.FUNDING, "OWNER1", null, null, null),
            new ClassificationRule("acquirer", InflowKind.SALE, null, "Acme *", "*settlement*", null),
            new ClassificationRule("all else", InflowKind.UNKNOWN, null, null, null, null));

    private static BankEntry credit(
            @Nullable String endToEndId,
            @Nullable String payer,
            @Nullable String payerAccount,
            @Nullable String remittance,
            @Nullable String code,
            boolean reversal) {
        return new BankEntry(
                "SHOP",
                "EUR",
                new BigDecimal("1.00"),
                Direction.CREDIT,
                EntryStatus.BOOKED,
                reversal,
                null,
                null,
                null,
                null,
                null,
                endToEndId,
                payer,
                payerAccount,
                remittance,
                null,
                code);
    }

    private static Classification classify(BankEntry credit, AccountKind account, List<ClassificationRule> rules) {
        return Classification.of(credit, account, false, 3, rules);
    }

    @Test
    void withoutRulesOfItsOwnAnAccountsKindDecides() {
        BankEntry plain = credit("INV-1", "Acme", null, null, null, false);
        assertThat(classify(plain, AccountKind.COLLECTION, List.of()))
                .isEqualTo(new Classification(InflowKind.SALE, "default/COLLECTION: proceeds are expected here"));
        assertThat(classify(plain, AccountKind.TRUST, List.of()).kind()).isEqualTo(InflowKind.UNKNOWN);
        assertThat(classify(plain, AccountKind.FEE, List.of()).kind()).isEqualTo(InflowKind.UNKNOWN);
        assertThat(classify(credit("INV-1", null, null, null, null, true), AccountKind.COLLECTION, List.of())
                        .kind())
                .isEqualTo(InflowKind.UNKNOWN);
    }

    @Test
    void theFirstRuleThatCoversACreditDecidesAndIsNamed() {
        assertThat(classify(
                        credit("INV-1", "ACME Payments", null, "Daily settlement 7", null, false),
                        AccountKind.COLLECTION,
                        RULES))
                .isEqualTo(new Classification(InflowKind.SALE, "version 3, rule 3: acquirer"));
        assertThat(classify(
                                credit(null, "ACME Payments", "OWNER1", "Daily settlement 7", null, false),
                                AccountKind.COLLECTION,
                                RULES)
                        .kind())
                .isEqualTo(InflowKind.FUNDING);
        assertThat(classify(credit(null, null, null, null, "PMNT/INTR/OTHR", false), AccountKind.COLLECTION, RULES)
                        .kind())
                .isEqualTo(InflowKind.INTEREST);
        assertThat(classify(credit(null, null, null, null, "PMNT/INTRX", false), AccountKind.COLLECTION, RULES)
                        .kind())
                .isEqualTo(InflowKind.UNKNOWN);
    }

    @Test
    void evidenceThatMoneyIsOursComesBeforeEveryRule() {
        BankEntry ours = credit(OURS, "Acme X", "OWNER1", "settlement", "PMNT/INTR", false);
        assertThat(Classification.of(ours, AccountKind.COLLECTION, true, 3, RULES)
                        .kind())
                .isEqualTo(InflowKind.RETURN);
        assertThat(Classification.of(ours, AccountKind.COLLECTION, false, 3, RULES)
                        .kind())
                .isEqualTo(InflowKind.OWN_TRANSFER);
    }

    @Test
    void whatUndoesAnEarlierEntryIsNobodysSale() {
        assertThat(classify(credit(null, "Acme X", null, "settlement", null, true), AccountKind.COLLECTION, RULES)
                        .kind())
                .isEqualTo(InflowKind.UNKNOWN);
    }

    @Test
    void aRuleCannotDecideWhatIsKnownByEvidenceAlone() {
        for (InflowKind kind : List.of(InflowKind.RETURN, InflowKind.OWN_TRANSFER)) {
            assertThatThrownBy(() -> new ClassificationRule("x", kind, null, null, null, null))
                    .isInstanceOf(Rejection.class);
        }
    }

    @Test
    void aStarStandsForAnyTextAndNothingElseIsSpecial() {
        assertThat(ClassificationRule.matches("a*c", "ABBC")).isTrue();
        assertThat(ClassificationRule.matches("a*c", "abcd")).isFalse();
        assertThat(ClassificationRule.matches("*", "")).isTrue();
        assertThat(ClassificationRule.matches("a.c", "abc")).isFalse();
        assertThat(ClassificationRule.matches("*a*b*", "xxaxxbxx")).isTrue();
        assertThat(ClassificationRule.matches("a*a*a*a*a*a*a*a*b", "a".repeat(10_000)))
                .isFalse();
        assertThat(ClassificationRule.matches("a", null)).isFalse();
    }
}
