package io.sluice.collection;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.collection.BankAccounts.BankAccount;
import io.sluice.collection.ClassificationRules.Version;
import io.sluice.platform.Page;
import io.sluice.platform.Rejection;
import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/accounts/{account}/classification}: what the credits of an account are. */
@RestController
class ClassificationController {

    /** @param basedOn the version in force that the maker has seen, 0 for none */
    record Change(
            @JsonProperty(required = true) int basedOn,
            @JsonProperty(required = true) List<ClassificationRule> rules) {}

    /** @param defaults of the account's kind; they hold behind its own rules */
    record InForce(String account, int version, List<ClassificationRule> rules, List<ClassificationRule> defaults) {}

    private final BankAccounts accounts;
    private final ClassificationRules rules;

    ClassificationController(BankAccounts accounts, ClassificationRules rules) {
        this.accounts = accounts;
        this.rules = rules;
    }

    @GetMapping("/api/v1/accounts/{account}/classification")
    InForce inForce(@PathVariable String account) {
        BankAccount known = find(account);
        Version version = rules.inForce(account);
        return new InForce(account, version.version(), version.rules(), Classification.defaults(known.kind()));
    }

    /** Every version that there was, newest first. */
    @GetMapping("/api/v1/accounts/{account}/classification/versions")
    Page<Version> versions(
            @PathVariable String account,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(defaultValue = "100") int limit) {
        find(account);
        return Page.within(rules.history(account), cursor, limit, version -> Integer.toString(version.version()));
    }

    @PostMapping("/api/v1/accounts/{account}/classification/versions")
    @ResponseStatus(HttpStatus.CREATED)
    Version change(@PathVariable String account, @RequestBody Change change, Principal maker) {
        BankAccount known = find(account);
        return rules.change(known, change.basedOn(), change.rules(), maker.getName());
    }

    private BankAccount find(String account) {
        return accounts.find(account)
                .orElseThrow(() -> new Rejection("unknown-account", "Account \"" + account + "\" is not registered"));
    }
}
