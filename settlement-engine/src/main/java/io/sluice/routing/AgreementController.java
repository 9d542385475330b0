package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.investors.Payees;
import io.sluice.investors.Payees.Destination;
import io.sluice.investors.Payees.Kind;
import io.sluice.investors.Payees.Rail;
import io.sluice.platform.BusinessClock;
import io.sluice.platform.Commands;
import io.sluice.platform.Page;
import io.sluice.platform.ReadModels;
import io.sluice.platform.Rejection;
import io.sluice.platform.Transactions;
import io.sluice.routing.Agreements.AgreementView;
import io.sluice.routing.Agreements.Held;
import io.sluice.routing.Agreements.Life;
import io.sluice.routing.Agreements.RuleView;
import io.sluice.routing.Agreements.TriggerView;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RoutingCommand.SetTrigger;
import io.sluice.routing.RoutingEvent.StoreTerms;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Agreements and their rules in the API. */
@RestController
class AgreementController {

    record NewAgreement(
            @JsonProperty(required = true) String agreementId,
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) String currency,
            @JsonProperty(required = true) String token,
            @JsonProperty(required = true) String trustAccount,
            @JsonProperty(required = true) String feeAccount,
            @JsonProperty(required = true) List<NewStore> stores) {}

    record NewStore(
            @JsonProperty(required = true) String storeId,
            @JsonProperty(required = true) String merchantId,
            @JsonProperty(required = true) String merchantName,
            @JsonProperty(required = true) String collectionAccount,
            @JsonProperty(required = true) String payoutName,
            @JsonProperty(required = true) String payoutAccount,
            @Nullable String channel,
            @Nullable String country) {

        String payeeId() {
            return "MERCHANT-" + storeId;
        }
    }

    record Drafted(String ruleHash, String state) {}

    private final Commands commands;
    private final Payees payees;
    private final RuleDesk rules;
    private final Agreements agreements;
    private final Transactions transactions;
    private final ReadModels readModels;
    private final BusinessClock clock;

    AgreementController(
            Commands commands,
            Payees payees,
            RuleDesk rules,
            Agreements agreements,
            Transactions transactions,
            ReadModels readModels,
            BusinessClock clock) {
        this.commands = commands;
        this.payees = payees;
        this.rules = rules;
        this.agreements = agreements;
        this.transactions = transactions;
        this.readModels = readModels;
        this.clock = clock;
    }

    /** Somebody whom rules pay: a trustee, a tax office, another rights holder. */
    record NewParty(
            @JsonProperty(required = true) String partyId,
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) String bankAccount) {}

    record SetTo(
            @JsonProperty(required = true) boolean on,
            @JsonProperty(required = true) String reason) {}

    /**
     * @param chainNumber under which the chain keeps its rules and caps
     * @param life where it is in its life
     * @param held who has stopped its routing, when and why; null while it goes on
     */
    record Shown(
            String agreementId,
            String name,
            String currency,
            String token,
            String trustAccount,
            String feeAccount,
            long chainNumber,
            @Nullable Held held,
            @Nullable Life life) {

        static Shown of(AgreementView view, @Nullable Held held, @Nullable Life life) {
            return new Shown(
                    view.agreementId(),
                    view.name(),
                    view.currency(),
                    view.token(),
                    view.trustAccount(),
                    view.feeAccount(),
                    AgreementNumber.of(view.agreementId()),
                    held,
                    life);
        }
    }

    record ShownAgreements(List<Shown> agreements, @Nullable String next) {}

    record ShownRules(List<RuleView> rules, @Nullable String next) {}

    @GetMapping("/api/v1/agreements")
    ShownAgreements list(
            @RequestParam(required = false) @Nullable String cursor, @RequestParam(defaultValue = "500") int limit) {
        Page<AgreementView> page = Page.within(agreements.all(), cursor, limit, AgreementView::agreementId);
        Map<String, Held> held =
                agreements.held().stream().collect(Collectors.toMap(Held::agreementId, Function.identity()));
        Map<String, Life> lives = agreements.lives();
        return new ShownAgreements(
                page.items().stream()
                        .map(view -> Shown.of(view, held.get(view.agreementId()), lives.get(view.agreementId())))
                        .toList(),
                page.next());
    }

    /** The agreement's rule versions, oldest first. */
    @GetMapping("/api/v1/agreements/{id}/rules")
    ShownRules rules(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(defaultValue = "500") int limit) {
        agreements.known(id);
        Page<RuleView> page = Page.within(agreements.rules(id, clock.today()), cursor, limit, RuleView::ruleHash);
        return new ShownRules(page.items(), page.next());
    }

    /** A rule's document as it was hashed, whatever its state; its ETag is its hash, and so never changes. */
    @GetMapping(path = "/api/v1/agreements/{id}/rules/{hash}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> rule(@PathVariable String id, @PathVariable String hash) {
        return ResponseEntity.ok().eTag('"' + hash + '"').body(rules.document(id, hash));
    }

    @PostMapping("/api/v1/agreements")
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, String> open(@RequestBody NewAgreement asked) {
        if (asked.agreementId() == null || !asked.agreementId().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new Rejection(
                    "agreement-invalid",
                    "agreementId: 1 to 64 of A-Z a-z 0-9 . _ - are expected, was " + asked.agreementId());
        }
        agreements.all().stream()
                .filter(other -> !other.agreementId().equals(asked.agreementId())
                        && AgreementNumber.of(other.agreementId()) == AgreementNumber.of(asked.agreementId()))
                .findFirst()
                .ifPresent(other -> {
                    throw new Rejection(
                            "agreement-invalid",
                            "agreementId: " + asked.agreementId() + " has the same number on chain as "
                                    + other.agreementId() + "; choose another id");
                });
        transactions.run(() -> {
            for (NewStore store : asked.stores()) {
                payees.register(
                        Kind.MERCHANT,
                        Map.of(
                                store.payeeId(),
                                new Destination(Rail.BANK, store.payoutName(), store.payoutAccount(), null)));
            }
            commands.begin(
                    asked.agreementId(),
                    new OpenAgreement(
                            asked.agreementId(),
                            asked.name(),
                            asked.currency(),
                            asked.token(),
                            asked.trustAccount(),
                            asked.feeAccount(),
                            asked.stores().stream()
                                    .map(s -> new StoreTerms(
                                            s.storeId(),
                                            s.merchantId(),
                                            s.merchantName(),
                                            s.collectionAccount(),
                                            s.payeeId(),
                                            s.channel(),
                                            s.country()))
                                    .toList()));
        });
        readModels.untilShown(
                "Agreement " + asked.agreementId(),
                () -> agreements.find(asked.agreementId()).isPresent());
        return Map.of("agreementId", asked.agreementId());
    }

    @PostMapping(value = "/api/v1/agreements/{id}/rules", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.CREATED)
    Drafted draft(@PathVariable String id, @RequestBody byte[] document, Principal maker) {
        String hash = rules.draft(id, document, maker.getName());
        readModels.untilShown("Rule " + hash, () -> state(id, hash).isPresent());
        return new Drafted(hash, state(id, hash).orElse("DRAFT"));
    }

    private Optional<String> state(String agreementId, String ruleHash) {
        return agreements.rules(agreementId, clock.today()).stream()
                .filter(rule -> rule.ruleHash().equals(ruleHash))
                .map(RuleView::state)
                .findFirst();
    }

    /** Registers who can be the payee of a rule's claim. One that is there already keeps its account. */
    @PostMapping("/api/v1/parties")
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, String> register(@RequestBody NewParty party) {
        if (party.partyId() == null || !party.partyId().matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new Rejection(
                    "party-invalid", "partyId: 1 to 64 of A-Z a-z 0-9 . _ - are expected, was " + party.partyId());
        }
        String payeeId = RuleDesk.payeeOf(party.partyId());
        payees.register(
                Kind.PARTY, Map.of(payeeId, new Destination(Rail.BANK, party.name(), party.bankAccount(), null)));
        return Map.of("partyId", party.partyId());
    }

    /** The triggers that the agreement's rule versions name, whatever their state, and which of them are on. */
    @GetMapping("/api/v1/agreements/{id}/triggers")
    Map<String, List<TriggerView>> triggers(@PathVariable String id) {
        if (agreements.find(id).isEmpty()) {
            throw new Rejection("no-such-agreement", "There is no agreement " + id);
        }
        SortedMap<String, TriggerView> triggers = new TreeMap<>();
        agreements.rules(id, clock.today()).stream()
                .flatMap(view -> rules.rule(view.ruleHash()).triggers().stream())
                .forEach(name -> triggers.put(name, new TriggerView(name, false, null, null)));
        agreements.triggers(id).forEach(set -> triggers.put(set.trigger(), set));
        return Map.of("triggers", List.copyOf(triggers.values()));
    }

    /** Turns a trigger that rules name on or off; of inflows that are divided from now on. */
    @PutMapping("/api/v1/agreements/{id}/triggers/{trigger}")
    Map<String, Object> set(
            @PathVariable String id, @PathVariable String trigger, @RequestBody SetTo to, Principal operator) {
        if (agreements.find(id).isEmpty()) {
            throw new Rejection("no-such-agreement", "There is no agreement " + id);
        }
        if (to.reason() == null || to.reason().isBlank()) {
            throw new Rejection("trigger-invalid", "reason: found nothing, expected why");
        }
        commands.send(new SetTrigger(id, trigger, to.on(), operator.getName(), to.reason()));
        readModels.untilShown(
                "Trigger " + trigger + " of " + id,
                () -> agreements.triggers(id).stream()
                                .anyMatch(shown -> shown.trigger().equals(trigger) && shown.on())
                        == to.on());
        return Map.of("agreementId", id, "trigger", trigger, "on", to.on());
    }
}
