package io.sluice.bank.iso20022;

import org.jspecify.annotations.Nullable;

/** How an account is called: by its IBAN, else by the bank's own identification. */
final class AccountName {

    private AccountName() {}

    static @Nullable String of(@Nullable Branch id) {
        if (id == null) {
            return null;
        }
        String name = id.textAt("IBAN");
        if (name == null) {
            name = id.textAt("Othr", "Id");
        }
        return name == null ? id.textAt("PrtryAcct", "Id") : name;
    }
}
