package io.sluice.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import io.sluice.TestBrowser;
import io.sluice.TestEngine;
import io.sluice.platform.BusinessClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The page in a real browser, on a running engine. Skipped, with a line that says so, where Debian's Chromium is missing. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsolePageTest {

    @TempDir
    static Path dir;

    private static TestEngine engine;
    private static String address;
    private static ConsoleRows rows;
    private static JdbcClient db;

    private final List<String> complaints = new ArrayList<>();
    private BrowserContext context;

    @BeforeAll
    static void start() throws Exception {
        if (!TestBrowser.isThere()) {
            System.err.println(
                    "ConsolePageTest is skipped: Chromium is missing (apt-get install chromium-headless-shell).");
        }
        assumeTrue(TestBrowser.isThere(), "Chromium is missing");
        engine = TestEngine.start(
                dir,
                List.of("--sluice.security.open-overview=true"),
                "approver=APPROVER",
                "treasury=TREASURY_OPERATOR");
        address = engine.address();
        db = engine.bean(JdbcClient.class);
        rows = new ConsoleRows(db, engine.bean(BusinessClock.class).today());
    }

    @AfterAll
    static void stop() {
        if (engine != null) {
            engine.close();
        }
    }

    @AfterEach
    void leave() {
        if (context != null) {
            context.close();
        }
    }

    private Page open(String path, ColorScheme scheme, int width, String language) {
        context = TestBrowser.browser()
                .newContext(new Browser.NewContextOptions()
                        .setColorScheme(scheme)
                        .setViewportSize(width, 900)
                        .setLocale(language));
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.navigate(address + path);
        return page;
    }

    private Page live(ColorScheme scheme, int width, String language) {
        Page page = open("/", scheme, width, language);
        page.waitForSelector("#live[data-state=live]");
        return page;
    }

    @Test
    @Order(1)
    void saysInPlainWordsThatNothingHasHappenedYet() {
        Page page = live(ColorScheme.LIGHT, 1440, "en");
        assertThat(page.textContent("#part-inflows")).contains("No money has arrived yet");
        assertThat(page.textContent("#part-waiting")).contains("Nothing waits for anybody");
        TestBrowser.accessible(page);
        assertThat(complaints).isEmpty();
    }

    @Test
    @Order(2)
    void showsANewInflowWithoutBeingLoadedAgain() {
        rows.agreement();
        Page page = live(ColorScheme.LIGHT, 1440, "en");
        page.evaluate("window.sameDocument = true");
        UUID inflow = rows.inflow(123_456, "00:00:01");
        page.waitForSelector("[data-inflow='" + inflow + "']");
        assertThat(page.textContent("[data-inflow='" + inflow + "']")).contains("Fjord & Flax", "1,234.56");
        assertThat(page.evaluate("window.sameDocument")).isEqualTo(true);
        assertThat(complaints).isEmpty();
    }

    @Test
    @Order(3)
    void isAccessibleInLightAndDarkWideAndNarrowAndInChinese() {
        UUID inflow = rows.inflow(200_000, "00:00:02");
        rows.settled(rows.routed(inflow, 200_000), "SWEEP", 20_000);
        rows.statement(5_000, 5_000, 700);
        rows.distribution(20_000, 5_000);
        rows.brokenAndParked();
        rows.mandateWaits();
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(1440, 390)) {
                Page page = live(scheme, width, width == 390 ? "zh-CN" : "en");
                page.waitForSelector("[data-inflow='" + inflow + "']");
                page.click("details summary");
                page.evaluate("document.getAnimations().forEach(tint => tint.finish())"); // of what has just arrived
                TestBrowser.accessible(page);
                context.close();
            }
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    @Order(4)
    void letsAnApproverApproveByKeyboard() {
        Page page = open("/login", ColorScheme.DARK, 1440, "en");
        TestBrowser.accessible(page);
        page.fill("#username", "approver");
        page.fill("#password", "wrong");
        page.keyboard().press("Enter");
        assertThat(page.textContent("[role=alert]")).contains("User or password is wrong");
        page.fill("#username", "approver");
        page.fill("#password", "secret");
        page.keyboard().press("Enter");
        page.waitForSelector("#live[data-state=live]");
        TestBrowser.accessible(page);
        page.click("#more-MANDATE-1 summary");
        page.fill("#why-not-MANDATE-1", "too much");
        replaceWaiting(page);
        assertThat(page.inputValue("#why-not-MANDATE-1"))
                .as("what was typed stays when its part is replaced")
                .isEqualTo("too much");
        assertThat(page.isVisible("#why-not-MANDATE-1")).isTrue();
        page.fill("#why-not-MANDATE-1", "");
        approve(page);
        assertThat(db.sql("select state || ' by ' || approved_by from mandate")
                        .query(String.class)
                        .single())
                .isEqualTo("ACTIVE by approver");
        page.click("text=Log out");
        assertThat(page.textContent(".who")).contains("Log in");
        assertThat(complaints).isEmpty();
    }

    /** The page is made anew several times between focus and key: who works by keyboard stays where they are. */
    private static void approve(Page page) {
        page.focus("#approve-MANDATE-1");
        for (int replaced = 0; replaced < 3; replaced++) {
            replaceWaiting(page);
            assertThat(page.evaluate("() => document.activeElement.id")).isEqualTo("approve-MANDATE-1");
        }
        page.keyboard().press("Enter");
        page.waitForCondition(ConsolePageTest::approved);
    }

    private static void replaceWaiting(Page page) {
        page.evaluate("() => { document.querySelector('#part-waiting').dataset.version = 'old';"
                + " window.before = document.querySelector('#approve-MANDATE-1'); }");
        page.waitForFunction("() => document.querySelector('#approve-MANDATE-1') !== window.before");
    }

    private static void refresh(Page page) {
        page.evaluate("() => htmx.ajax('GET', '/console/parts?of=waiting',"
                + " {source: document.body, target: document.body, swap: 'none'})");
    }

    private static boolean approved() {
        return db.sql("select count(*) from mandate where state = 'ACTIVE'")
                        .query(Integer.class)
                        .single()
                == 1;
    }

    @Test
    @Order(4)
    void letsAnOperatorLookAtAParkedDeliveryAndHaveItReadAgain() {
        Page page = open("/login", ColorScheme.LIGHT, 390, "en");
        page.fill("#username", "treasury");
        page.fill("#password", "secret");
        page.keyboard().press("Enter");
        page.waitForSelector("#live[data-state=live]");
        TestBrowser.accessible(page);
        long id = db.sql("select inbox_id from inbox where event_id = 'evt_1'")
                .query(Long.class)
                .single();
        assertThat(page.getAttribute("a[href^='/console/deliveries/']", "href"))
                .isEqualTo("/console/deliveries/" + id + "/body");
        page.route(
                "**/replays",
                route -> { // its part is refreshed while the form waits for its answer
                    APIResponse answer = route.fetch();
                    refresh(page);
                    route.fulfill(new Route.FulfillOptions().setResponse(answer));
                });
        page.locator("#replay-" + id).press("Enter");
        page.waitForSelector("text=It is read again.");
        for (int refreshed = 0; refreshed < 3; refreshed++) {
            refresh(page);
            assertThat(page.isVisible("text=It is read again."))
                    .as("an answer stays until it is read")
                    .isTrue();
        }
        TestBrowser.accessible(page);
        assertThat(db.sql("select username || ' ' || action from audit_log where subject = ?")
                        .param(Long.toString(id))
                        .query(String.class)
                        .single())
                .isEqualTo("treasury REPLAY_DELIVERY");
        String shots = System.getProperty("sluice.shots", "");
        if (!shots.isEmpty()) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of(shots, "parked-390.png"))
                    .setFullPage(true));
        }
    }

    @Test
    @Order(1)
    void saysThatNothingIsInSuspenseOrParked() {
        Page page = open("/console/intake", ColorScheme.LIGHT, 1440, "en");
        assertThat(page.textContent("main")).contains("No money is in suspense", "Nothing is parked");
        TestBrowser.accessible(page);
        shot(page, "intake-empty-1440");
        assertThat(complaints).isEmpty();
    }

    @Test
    @Order(5)
    void showsWhatIsInSuspenseAndSaysWhyItCannotBeSentBack() {
        UUID inflow = rows.inflow(1_200, "00:00:03", "UNKNOWN", "version 1, rule 1: ask first");
        db.sql("update inbox set state = 'PARKED' where event_id = 'evt_1'").update();
        db.sql("update instruction set state = 'RETURNED', reason = 'AC04 closed account' where kind = 'SWEEP'")
                .update();
        Page login = open("/login", ColorScheme.LIGHT, 1440, "en");
        logIn(login);
        login.navigate(address + "/console/intake");
        String item = "[data-inflow='" + inflow + "']";
        assertThat(login.textContent(item)).contains("12.00", "ask first", "It is Fjord & Flax's proceeds");
        assertThat(login.textContent("[data-returned]")).contains("200.00", "AC04 closed account", "Pay again");
        TestBrowser.accessible(login);
        login.locator(item + " form:last-of-type button").press("Enter");
        login.waitForSelector("text=the account of its sender");
        TestBrowser.accessible(login);
        shot(login, "intake-refused-1440");
        assertThat(db.sql("select count(*) from suspense_decision")
                        .query(Integer.class)
                        .single())
                .isZero();
        context.close();
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(1440, 390)) {
                Page page = open("/console/intake", scheme, width, width == 390 ? "zh-CN" : "en");
                page.waitForSelector(item);
                TestBrowser.accessible(page);
                shot(page, "intake-" + scheme.name().toLowerCase(java.util.Locale.ROOT) + "-" + width);
                context.close();
            }
        }
        assertThat(complaints).isEmpty();
    }

    private static final String STATEMENT = """
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId>
            <CreDtTm>2026-11-23T18:00:00Z</CreDtTm></GrpHdr><Stmt><Id>S-1</Id><Acct><Id><Othr><Id>NOTOURS1</Id></Othr></Id>
            <Ccy>EUR</Ccy></Acct><Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
            <BookgDt><Dt>2026-11-23</Dt></BookgDt><ValDt><Dt>2026-11-23</Dt></ValDt><AcctSvcrRef>R1</AcctSvcrRef></Ntry></Stmt>
            </BkToCstmrStmt></Document>""";

    @Test
    @Order(5)
    void takesAStatementThatIsDroppedOnThePage() {
        Page page = open("/login", ColorScheme.LIGHT, 1440, "en");
        logIn(page);
        page.navigate(address + "/console/intake");
        page.evaluate("""
                text => {
                    const files = new DataTransfer();
                    files.items.add(new File([text], 'statement.xml', {type: 'text/xml'}));
                    document.getElementById('upload').dispatchEvent(new DragEvent('drop', {dataTransfer: files, bubbles: true, cancelable: true}));
                }""", STATEMENT);
        page.waitForSelector("text=What the file came to");
        assertThat(page.textContent("main")).contains("Refused: missing-balance", "whole or not at all", "EUR 5.00");
        TestBrowser.accessible(page);
        shot(page, "statement-refused-1440");
        assertThat(complaints).isEmpty();
    }

    @Test
    @Order(5)
    void takesAStatementWithoutScripts() {
        context = TestBrowser.browser()
                .newContext(new Browser.NewContextOptions()
                        .setJavaScriptEnabled(false)
                        .setColorScheme(ColorScheme.DARK)
                        .setViewportSize(390, 900)
                        .setLocale("en"));
        Page page = context.newPage();
        page.navigate(address + "/login");
        page.fill("#username", "treasury");
        page.fill("#password", "secret");
        page.keyboard().press("Enter");
        page.waitForSelector("text=Log out");
        page.navigate(address + "/console/intake");
        page.setInputFiles(
                "#file",
                new com.microsoft.playwright.options.FilePayload(
                        "statement.xml",
                        "text/xml",
                        STATEMENT
                                .replace("NOTOURS1", ConsoleRows.ACCOUNT)
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        page.locator("#upload button").press("Enter");
        page.waitForSelector("text=What the file came to");
        assertThat(page.textContent("main")).contains("delivery");
        shot(page, "statement-dark-390");
    }

    private static void logIn(Page page) {
        page.fill("#username", "treasury");
        page.fill("#password", "secret");
        page.keyboard().press("Enter");
        page.waitForSelector("#live[data-state=live]");
    }

    private static void shot(Page page, String name) {
        String shots = System.getProperty("sluice.shots", "");
        if (!shots.isEmpty()) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of(shots, name + ".png"))
                    .setFullPage(true));
        }
    }

    @Test
    @Order(5)
    void saysWhatAPageThatIsNotThereMeans() {
        Page page = open("/console/nothing", ColorScheme.LIGHT, 1440, "en");
        assertThat(page.textContent("h1")).isEqualTo("There is nothing here");
        TestBrowser.accessible(page);
    }

    @Test
    @Order(6)
    void anOpenPageDoesNotHoldUpTheEnd() {
        Page page = live(ColorScheme.LIGHT, 1440, "en");
        assertThat(engine.bean(LiveViewers.class).count()).isPositive();
        long begun = System.nanoTime();
        engine.close();
        assertThat((System.nanoTime() - begun) / 1_000_000)
                .as("ms until the engine has ended")
                .isLessThan(20_000);
        page.waitForSelector("#live[data-state=lost]");
    }
}
