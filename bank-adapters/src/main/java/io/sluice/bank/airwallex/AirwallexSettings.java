package io.sluice.bank.airwallex;

import io.sluice.bank.webhook.WebhookSecret;
import io.sluice.bank.wire.BankAddress;
import java.util.List;

/**
 * How to reach Airwallex.
 *
 * @param webhookSecrets every active one, the newest first
 * @param reason why we pay, as Airwallex wants it said ({@code royalty_payments}…)
 */
public record AirwallexSettings(
        String name, BankAddress address, AirwallexLogin login, List<WebhookSecret> webhookSecrets, String reason) {

    public AirwallexSettings {
        webhookSecrets = List.copyOf(webhookSecrets);
        if (!name.matches("[a-z0-9]{1,32}")) {
            throw new IllegalArgumentException(
                    "A bank's name is 1 to 32 lower-case letters and digits, was \"" + name + "\"");
        }
    }
}
