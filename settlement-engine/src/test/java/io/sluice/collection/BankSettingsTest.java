package io.sluice.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bank.BankAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which banks settings make, and what is said of settings that cannot be right. */
class BankSettingsTest {

    @TempDir
    Path dir;

    private final Map<String, String> settings = new HashMap<>();

    private List<BankAdapter> banks() {
        return new BankSettings(settings::get, Clock.systemUTC()).banks();
    }

    private Path keys(String name, String lines) throws IOException {
        return Files.writeString(dir.resolve(name), lines);
    }

    @Test
    void noSettingIsNoBank() {
        assertThat(banks()).isEmpty();
    }

    @Test
    void connectsTheBanksThatAreSet() throws IOException {
        settings.put("sluice.bank.meridian.url", "http://localhost:1");
        settings.put(
                "sluice.bank.meridian.keys",
                keys("m", "api.key=k\nwebhook.secrets=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
                        .toString());
        settings.put("sluice.bank.folder.in", dir.toString());
        settings.put("sluice.bank.folder.out", dir.toString());
        settings.put("sluice.bank.folder.sent", dir.toString());
        settings.put("sluice.bank.folder.debtor", "Sluice");
        assertThat(banks()).extracting(BankAdapter::name).containsExactly("meridian", "folder");
    }

    @Test
    void saysEachThingThatIsWrongInOneSentenceWithoutAnyKey() throws IOException {
        settings.put("sluice.bank.increase.url", "https://api.example");
        settings.put("sluice.bank.airwallex.url", "http://api.example");
        settings.put(
                "sluice.bank.airwallex.keys",
                keys(
                                "a",
                                "client.id=c\napi.key=hush\nwebhook.secrets=hush-hush-hush-hush-hush-hush-hush\npayout.reason=r\n")
                        .toString());
        settings.put("sluice.bank.clearbank.url", "https://api.example");
        settings.put("sluice.bank.clearbank.keys", dir.resolve("nowhere").toString());
        settings.put("sluice.bank.folder.in", dir.resolve("nowhere").toString());
        settings.put("sluice.bank.folder.scheme", "FAST");
        assertThatThrownBy(this::banks)
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .satisfies(message -> assertThat(message.lines())
                        .hasSize(8)
                        .anyMatch(
                                line -> line.equals("Bank increase is set in part: sluice.bank.increase.keys is missing"
                                        + " (SLUICE_BANK_INCREASE_KEYS in the environment)."))
                        .anyMatch(line -> line.contains("airwallex") && line.contains("https"))
                        .anyMatch(line -> line.contains("clearbank") && line.contains("nowhere"))
                        .anyMatch(line -> line.contains("folder.in must name a folder"))
                        .anyMatch(line -> line.contains("folder.out is missing"))
                        .anyMatch(line -> line.contains("scheme must be SCT or INSTANT"))
                        .noneMatch(line -> line.contains("hush")));
    }
}
