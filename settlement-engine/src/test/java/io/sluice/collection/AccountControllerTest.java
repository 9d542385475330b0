package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.collection.AccountController.NewAccount;
import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.platform.Rejection;
import org.junit.jupiter.api.Test;

class AccountControllerTest {

    private static final BankAccount KNOWN =
            new BankAccount("ACC1", "meridian", "EUR", AccountKind.TRUST, "Trust account", AccountPolicy.BOOKED_NOTICE);

    @Test
    void registeringAgainWithOtherDetailsSaysWhatDiffers() {
        AccountController.requireSame(
                KNOWN, new NewAccount("ACC1", "meridian", "EUR", AccountKind.TRUST, "Trust account", null));
        assertThatThrownBy(() -> AccountController.requireSame(
                        KNOWN, new NewAccount("ACC1", "meridian", "USD", AccountKind.FEE, "Trust account", null)))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining("another currency (EUR), another kind (TRUST)");
    }
}
