package io.sluice.banks;

import io.sluice.TestEngine;
import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.investors.Payees;
import io.sluice.platform.Commands;
import io.sluice.platform.Hashes;
import io.sluice.routing.RoutingCommand.ApproveRule;
import io.sluice.routing.RoutingCommand.DraftRule;
import io.sluice.routing.RoutingCommand.OpenAgreement;
import io.sluice.routing.RoutingEvent.StoreTerms;
import io.sluice.routing.RuleDocument;
import io.sluice.routing.TestRules;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** One store with an agreement and one holder at a bank: the fee is 1/1000, the royalty 1/10, the rest the merchant's. */
final class Onboarding {

    private Onboarding() {}

    /** The trust and the fee account are at the same bank. */
    static void of(TestEngine engine, SimulatedBank bank, String trust, String fees) {
        Commands commands = engine.bean(Commands.class);
        commands.begin(bank.account(), account(bank, bank.account(), AccountKind.COLLECTION));
        commands.begin(trust, account(bank, trust, AccountKind.TRUST));
        commands.begin(fees, account(bank, fees, AccountKind.FEE));
        Payees payees = engine.bean(Payees.class);
        payees.register(Payees.Kind.OWN, Map.of("OWN-" + trust, destination(trust), "OWN-" + fees, destination(fees)));
        payees.register(Payees.Kind.MERCHANT, Map.of("MERCHANT-STORE-" + bank, destination(bank.payee("merchant"))));
        payees.register(Payees.Kind.HOLDER, Map.of("H1-" + bank, destination(bank.payee("holder"))));
        String agreement = "AGR-" + bank;
        commands.begin(
                agreement,
                new OpenAgreement(
                        agreement,
                        "an agreement",
                        bank.currency(),
                        "0x0000000000000000000000000000000000000001",
                        trust,
                        fees,
                        List.of(new StoreTerms(
                                "STORE-" + bank,
                                "M-" + bank,
                                "Shop",
                                bank.account(),
                                "MERCHANT-STORE-" + bank,
                                null,
                                null))));
        RuleDocument rule = TestRules.usual(agreement, bank.currency(), LocalDate.of(2026, 1, 1));
        String hash = Hashes.sha256(agreement);
        commands.send(new DraftRule(agreement, hash, rule, "maker"));
        commands.send(new ApproveRule(agreement, hash, "approver", false));
    }

    private static RegisterAccount account(SimulatedBank bank, String account, AccountKind kind) {
        return new RegisterAccount(account, bank.name(), bank.currency(), kind, "shop");
    }

    private static Payees.Destination destination(String account) {
        return new Payees.Destination(Payees.Rail.BANK, "Somebody", account, null);
    }
}
