package io.sluice.bank.increase;

import io.sluice.bank.webhook.WebhookSecret;
import io.sluice.bank.wire.ApiKey;
import io.sluice.bank.wire.BankAddress;
import java.time.InstantSource;
import java.util.List;

/**
 * How to reach Increase.
 *
 * @param webhookSecrets every active one, the newest first
 * @param rail of payouts to other banks
 * @param sourceAccountNumberId the account number that real-time payments are sent from; empty for ACH and wire
 * @param debtorName stands on FedNow transfers
 * @param blockchain network of the on-ramp: ethereum, base or solana
 * @param clock system time, for how long a quote holds
 */
public record IncreaseSettings(
        String name,
        BankAddress address,
        ApiKey apiKey,
        List<WebhookSecret> webhookSecrets,
        Rail rail,
        String sourceAccountNumberId,
        String debtorName,
        String blockchain,
        InstantSource clock) {

    public IncreaseSettings {
        webhookSecrets = List.copyOf(webhookSecrets);
        if (!name.matches("[a-z0-9]{1,32}")) {
            throw new IllegalArgumentException(
                    "A bank's name is 1 to 32 lower-case letters and digits, was \"" + name + "\"");
        }
        if ((rail == Rail.REAL_TIME_PAYMENTS || rail == Rail.FEDNOW) && sourceAccountNumberId.isEmpty()) {
            throw new IllegalArgumentException("Real-time payments need the account number that sends them");
        }
    }
}
