package io.sluice.collection;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.collection.CollectionCommand.ChangePolicy;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.investors.Payees;
import io.sluice.investors.Payees.Destination;
import io.sluice.investors.Payees.Kind;
import io.sluice.investors.Payees.Rail;
import io.sluice.money.Currencies;
import io.sluice.platform.Commands;
import io.sluice.platform.ReadModels;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code POST /api/v1/accounts}: puts a bank account of ours under the engine's control. Sent again with another policy, money counts by
 * that one from then on, what is announced by then with it; without one, by the policy that holds, at first
 * {@link AccountPolicy#BOOKED_NOTICE}.
 */
@RestController
class AccountController {

    record NewAccount(
            @JsonProperty(required = true) String account,
            @JsonProperty(required = true) String bank,
            @JsonProperty(required = true) String currency,
            @JsonProperty(required = true) AccountKind kind,
            @JsonProperty(required = true) String name,
            @Nullable AccountPolicy policy) {}

    private final Commands commands;
    private final Banks banks;
    private final Payees payees;
    private final Transactions transactions;
    private final BankAccounts accounts;
    private final ReadModels readModels;

    AccountController(
            Commands commands,
            Banks banks,
            Payees payees,
            Transactions transactions,
            BankAccounts accounts,
            ReadModels readModels) {
        this.commands = commands;
        this.banks = banks;
        this.payees = payees;
        this.transactions = transactions;
        this.accounts = accounts;
        this.readModels = readModels;
    }

    @PostMapping("/api/v1/accounts")
    @ResponseStatus(HttpStatus.CREATED)
    NewAccount register(@RequestBody NewAccount asked) {
        if (banks.find(asked.bank()).isEmpty()) {
            throw new Rejection("unknown-bank", "No bank \"" + asked.bank() + "\" is configured");
        }
        if (!asked.account().matches("[A-Za-z0-9][A-Za-z0-9-]{3,33}")) {
            throw new Rejection(
                    "account-invalid",
                    "An account has 4 to 34 letters, digits and hyphens, was \"" + asked.account() + "\"");
        }
        Currencies.digits(asked.currency());
        Optional<BankAccount> known = accounts.find(asked.account());
        known.ifPresent(as -> requireSame(as, asked));
        AccountPolicy policy = asked.policy() != null
                ? asked.policy()
                : known.map(BankAccount::policy).orElse(AccountPolicy.BOOKED_NOTICE);
        transactions.run(() -> {
            commands.begin(
                    asked.account(),
                    new RegisterAccount(
                            asked.account(), asked.bank(), asked.currency(), asked.kind(), asked.name(), policy));
            if (known.isPresent()) {
                commands.send(new ChangePolicy(asked.account(), policy));
            }
            payees.register(
                    Kind.OWN,
                    Map.of("OWN-" + asked.account(), new Destination(Rail.BANK, asked.name(), asked.account(), null)));
        });
        readModels.untilShown(
                "An account",
                () -> accounts.find(asked.account())
                        .filter(as -> as.policy() == policy)
                        .isPresent());
        return new NewAccount(asked.account(), asked.bank(), asked.currency(), asked.kind(), asked.name(), policy);
    }

    /** Registering again changes nothing, so it must not seem to. */
    static void requireSame(BankAccount known, NewAccount asked) {
        List<String> different = new ArrayList<>();
        compare(different, "bank", known.bank(), asked.bank());
        compare(different, "currency", known.currency(), asked.currency());
        compare(different, "kind", known.kind(), asked.kind());
        compare(different, "name", known.name(), asked.name());
        if (!different.isEmpty()) {
            throw new Rejection(
                    "account-differs",
                    "Account " + asked.account() + " is registered with another " + String.join(", another ", different)
                            + "; nothing was changed");
        }
    }

    private static void compare(List<String> different, String field, Object known, Object asked) {
        if (!known.equals(asked)) {
            different.add(field + " (" + known + ")");
        }
    }
}
