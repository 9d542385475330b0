package io.sluice;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The sentences of DESIGN 2. */
@AnalyzeClasses(packages = "io.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule moneyKnowsNothingOfOurs = noClasses()
            .that()
            .resideInAPackage("io.sluice.money..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.sluice..")
                    .and(com.tngtech.archunit.base.DescribedPredicate.not(resideInAPackage("io.sluice.money.."))));

    @ArchTest
    static final ArchRule platformAndChainHaveNoBusinessWord = noClasses()
            .that()
            .resideInAnyPackage("io.sluice.platform..", "io.sluice.chain..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.sluice.collection..",
                    "io.sluice.routing..",
                    "io.sluice.royalty..",
                    "io.sluice.settlement..",
                    "io.sluice.ledger..",
                    "io.sluice.reconciliation..",
                    "io.sluice.investors..",
                    "io.sluice.policies..",
                    "io.sluice.stores..",
                    "io.sluice.console..",
                    "io.sluice.bank..");

    @ArchTest
    static final ArchRule collectionNamesNoOneDownstream =
            upstream("collection", "routing", "royalty", "settlement", "ledger", "reconciliation");

    @ArchTest
    static final ArchRule routingNamesNoOneDownstream =
            upstream("routing", "royalty", "settlement", "ledger", "reconciliation");

    @ArchTest
    static final ArchRule royaltyNamesNoOneDownstream = upstream("royalty", "settlement", "ledger", "reconciliation");

    @ArchTest
    static final ArchRule settlementNamesNoOneDownstream = upstream("settlement", "ledger", "reconciliation");

    @ArchTest
    static final ArchRule ledgerNamesNoOneDownstream = upstream("ledger", "reconciliation");

    @ArchTest
    static final ArchRule whoeverIsAskedByAllImportsNoFlowPackage = noClasses()
            .that()
            .resideInAnyPackage("io.sluice.stores..", "io.sluice.policies..", "io.sluice.investors..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.sluice.collection..",
                    "io.sluice.routing..",
                    "io.sluice.royalty..",
                    "io.sluice.settlement..",
                    "io.sluice.ledger..",
                    "io.sluice.reconciliation..");

    @ArchTest
    static final ArchRule nobodyImportsConsoleSandboxOrBenchmarks = noClasses()
            .that(resideInAPackage("io.sluice..")
                    .and(com.tngtech.archunit.base.DescribedPredicate.not(resideInAnyPackage(
                            "io.sluice", "io.sluice.console..", "io.sluice.sandbox..", "io.sluice.bench.."))))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.sluice.console..", "io.sluice.sandbox..", "io.sluice.bench..");

    @ArchTest
    static final ArchRule theSandboxTalksToTheEngineByHttpAndSettingsAlone = noClasses()
            .that()
            .resideInAPackage("io.sluice.sandbox..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.sluice..")
                    .and(com.tngtech.archunit.base.DescribedPredicate.not(
                            resideInAnyPackage("io.sluice.sandbox..", "io.sluice.bank.webhook.."))));

    @ArchTest
    static final ArchRule banksAreSeenByThoseWhoTalkToThem = noClasses()
            .that(resideInAPackage("io.sluice..")
                    .and(com.tngtech.archunit.base.DescribedPredicate.not(resideInAnyPackage(
                            "io.sluice.bank..",
                            "io.sluice.collection..",
                            "io.sluice.settlement..",
                            "io.sluice.reconciliation..",
                            "io.sluice.sandbox..",
                            "io.sluice.bench.."))))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.sluice.bank..");

    @ArchTest
    static final ArchRule onlyIso20022SeesProwide = noClasses()
            .that()
            .resideOutsideOfPackage("io.sluice.bank.iso20022..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.prowidesoftware..");

    @ArchTest
    static final ArchRule onlyChainSeesWeb3j = noClasses()
            .that()
            .resideOutsideOfPackage("io.sluice.chain..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.web3j..");

    /** AX-1: what handles events writes rows and sends commands; the outside is a worker's. */
    @ArchTest
    static final ArchRule noHandlerDoesInputOrOutput = noClasses()
            .that()
            .areAnnotatedWith("org.axonframework.config.ProcessingGroup")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net.http..", "org.web3j..", "io.sluice.bank..", "io.sluice.chain..");

    /** What handles events either keeps a read model, which a rebuild makes anew, or acts once, and is never replayed. */
    @ArchTest
    static final ArchRule everyHandlerCanBeRebuiltOrIsNeverReplayed = classes()
            .that()
            .areAnnotatedWith("org.axonframework.config.ProcessingGroup")
            .should()
            .beAnnotatedWith("io.sluice.platform.ReadModel")
            .orShould()
            .beAnnotatedWith("org.axonframework.eventhandling.DisallowReplay");

    @ArchTest
    static final ArchRule noMoneyIsFloating = noClasses()
            .that()
            .resideInAnyPackage("io.sluice.money..", "io.sluice.routing..", "io.sluice.royalty..", "io.sluice.ledger..")
            .should()
            .dependOnClassesThat(nameMatching("java\\.lang\\.(Double|Float)"));

    @ArchTest
    static final ArchRule capabilitiesHaveNoCycle =
            slices().matching("io.sluice.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule storedEventsArePlainData = classes()
            .that()
            .implement("io.sluice.platform.StoredEvent")
            .and()
            .areNotInterfaces()
            .should()
            .beRecords();

    private static ArchRule upstream(String who, String... downstream) {
        String[] packages = new String[downstream.length];
        for (int i = 0; i < downstream.length; i++) {
            packages[i] = "io.sluice." + downstream[i] + "..";
        }
        return noClasses()
                .that()
                .resideInAPackage("io.sluice." + who + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages);
    }
}
