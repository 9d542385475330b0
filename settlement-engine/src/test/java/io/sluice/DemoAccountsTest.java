package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever has a part in the demo has an account. */
class DemoAccountsTest {

    @TempDir
    Path data;

    @Test
    void everybodyWhoActsInARestatementHasAnAccount() throws IOException {
        DemoAccounts made = DemoAccounts.of(data, false);
        assertThat(made.passwords()).containsKeys("rule-admin", "trustee", "approver");
        assertThat(Files.readAllLines(made.users())).anyMatch(line -> line.matches("trustee=\\$2a\\$.*\\|TRUSTEE"));
        assertThat(DemoAccounts.of(data, false).passwords()).isEqualTo(made.passwords());
    }

    @Test
    void aFolderOfAnOlderDemoGetsTheAccountThatItHasNotAndKeepsItsOthers() throws IOException {
        DemoAccounts made = DemoAccounts.of(data, false);
        for (Path file : List.of(made.accounts(), made.users())) {
            Files.write(
                    file,
                    Files.readAllLines(file).stream()
                            .filter(line -> !line.startsWith("trustee="))
                            .toList());
        }
        List<String> before = Files.readAllLines(made.users());
        DemoAccounts again = DemoAccounts.of(data, false);
        assertThat(again.madeNow()).isFalse();
        assertThat(again.passwords())
                .hasSameSizeAs(made.passwords())
                .containsEntry("auditor", made.passwords().get("auditor"));
        assertThat(Files.readAllLines(made.users())).containsAll(before).hasSize(before.size() + 1);
    }
}
