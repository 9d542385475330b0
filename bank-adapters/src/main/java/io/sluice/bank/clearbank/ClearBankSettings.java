package io.sluice.bank.clearbank;

import io.sluice.bank.webhook.BankPublicKey;
import io.sluice.bank.webhook.SigningKey;
import io.sluice.bank.wire.ApiKey;
import io.sluice.bank.wire.BankAddress;
import java.time.ZoneId;
import java.util.List;

/**
 * How to reach ClearBank.
 *
 * @param token of our API
 * @param bankKeys ClearBank's public keys for our institution, the newest first
 * @param signingKey ours, for requests and for answers to webhooks
 * @param debtorName stands on our payments, at most 70 characters
 * @param zone of the bank's booking days: Europe/Amsterdam for ClearBank Europe, Europe/London for ClearBank UK
 */
public record ClearBankSettings(
        String name,
        BankAddress address,
        ApiKey token,
        List<BankPublicKey> bankKeys,
        SigningKey signingKey,
        String debtorName,
        ZoneId zone) {

    public ClearBankSettings {
        bankKeys = List.copyOf(bankKeys);
        if (!name.matches("[a-z0-9]{1,32}")) {
            throw new IllegalArgumentException(
                    "A bank's name is 1 to 32 lower-case letters and digits, was \"" + name + "\"");
        }
        if (debtorName.isBlank() || debtorName.length() > 70) {
            throw new IllegalArgumentException("The debtor's name has 1 to 70 characters, was " + debtorName.length());
        }
    }
}
