package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks at a page of the console as people do: light on a wide screen, dark on a narrow one. */
public final class TestBrowser {

    /** The shell draws no windows, which costs half; whoever has only the whole browser looks with that. */
    private static final List<Path> CHROMIUM =
            List.of(Path.of("/usr/bin/chromium-headless-shell"), Path.of("/usr/bin/chromium"));

    private record SignedIn(TestEngine engine, String user, String language) {}

    /** Who has looked at an engine looks at it again without signing in. */
    private static final Map<SignedIn, Page> signedIn = new HashMap<>();

    private static @Nullable Browser browser;

    private TestBrowser() {}

    /**
     * What axe finds, or what does not fit the screen, fails the test. Without a browser it says that nobody looked. Pictures are kept where
     * {@code sluice.shots} says.
     *
     * @param user whose password is {@code secret}
     * @param sees what is on it; what it does there is looked at afterwards
     */
    public static void look(TestEngine engine, String user, String path, String name, Consumer<Page> sees) {
        look(engine, user, path, name, "en", sees);
    }

    /** @param language such as {@code zh-CN} */
    public static void look(
            TestEngine engine, String user, String path, String name, String language, Consumer<Page> sees) {
        if (!isThere()) {
            System.out.println("Chromium is not installed: " + path + " is not looked at");
            return;
        }
        Page page = signedIn.computeIfAbsent(new SignedIn(engine, user, language), TestBrowser::signIn);
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            int width = scheme == ColorScheme.LIGHT ? 1440 : 390;
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            page.setViewportSize(width, 900);
            page.navigate(engine.address() + path);
            sees.accept(page);
            accessible(page);
            String shots = System.getProperty("sluice.shots", "");
            if (!shots.isEmpty()) {
                page.screenshot(new Page.ScreenshotOptions()
                        .setFullPage(true)
                        .setPath(Path.of(shots, name + "-" + width + ".png")));
            }
        }
        page.navigate("about:blank"); // a page that nobody looks at goes on drawing what is new
    }

    /** Nothing that axe finds, and as wide as the screen. */
    public static void accessible(Page page) {
        // Legacy only in that it looks at no other origin's frames, of which we have none: else it opens a page of its
        // own each time.
        assertThat(new AxeBuilder(page).setLegacyMode(true).analyze().getViolations())
                .extracting(violation -> violation.getId() + ": " + violation.getNodes())
                .isEmpty();
        assertThat(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                .isEqualTo(true);
    }

    private static Page signIn(SignedIn as) {
        Page page = browser()
                .newContext(new Browser.NewContextOptions().setLocale(as.language()))
                .newPage();
        page.navigate(as.engine().address() + "/login");
        page.fill("#username", as.user());
        page.fill("#password", "secret");
        page.keyboard().press("Enter");
        page.waitForSelector("#live[data-state=live]");
        return page;
    }

    /** Nobody is left at an engine that stops. */
    static void leave(TestEngine engine) {
        signedIn.entrySet().removeIf(entry -> {
            boolean there = entry.getKey().engine() == engine;
            if (there) {
                entry.getValue().context().close();
            }
            return there;
        });
    }

    public static boolean isThere() {
        return chromium().isPresent();
    }

    private static Optional<Path> chromium() {
        return CHROMIUM.stream().filter(Files::isExecutable).findFirst();
    }

    /**
     * One for all tests of the process, which come one after the other: to start it takes longer than most looks. Its driver ends it when this
     * process does; to close it in a hook of its end is another thread's, which Playwright is not made for and which waited for ever.
     */
    public static Browser browser() {
        if (browser == null) {
            Playwright playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(chromium().orElseThrow())
                            .setArgs(List.of(
                                    "--no-sandbox",
                                    "--disable-gpu",
                                    "--disable-quic",
                                    "--disable-background-networking",
                                    "--disable-component-update",
                                    "--disable-sync")));
        }
        return browser;
    }
}
