package io.sluice.bank.folder;

import io.sluice.bank.iso20022.CreditTransferFile;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Where the files are.
 *
 * @param in the bank's files for us; they stay there
 * @param out our files for the bank, which takes them away
 * @param sent our record of what was handed over; kept for as long as orders may be asked about
 * @param clock system time, for the creation time that stands in a file
 */
public record FolderSettings(
        String name,
        Path in,
        Path out,
        Path sent,
        CreditTransferFile.Debtor debtor,
        CreditTransferFile.Scheme scheme,
        InstantSource clock) {

    public FolderSettings {
        if (!name.matches("[a-z0-9]{1,32}")) {
            throw new IllegalArgumentException(
                    "A bank's name is 1 to 32 lower-case letters and digits, was \"" + name + "\"");
        }
    }
}
