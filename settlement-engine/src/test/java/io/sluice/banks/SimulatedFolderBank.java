package io.sluice.banks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A bank of files: notifications in camt.054, with the servicer's reference on each entry. */
final class SimulatedFolderBank extends SimulatedBank {

    private Path in = Path.of("in");
    private int files;

    SimulatedFolderBank() {
        super("folder", "DE89370400440532013000", "EUR");
    }

    @Override
    List<String> settings(Path dir) throws IOException {
        in = Files.createDirectories(dir.resolve("bank-in"));
        Path out = Files.createDirectories(dir.resolve("bank-out"));
        Path sent = Files.createDirectories(dir.resolve("bank-sent"));
        return List.of(
                "--sluice.bank.folder.in=" + in,
                "--sluice.bank.folder.out=" + out,
                "--sluice.bank.folder.sent=" + sent,
                "--sluice.bank.folder.debtor=Sluice");
    }

    @Override
    void publish() {}

    @Override
    int tell(Movement movement) throws IOException {
        return drop(movement, "BOOK");
    }

    @Override
    boolean announce(Movement movement) throws IOException {
        return drop(movement, "PDNG") < 300;
    }

    /** Every notification is a message of its own, a repeated one too. */
    private int drop(Movement movement, String status) throws IOException {
        Movement undone = movement.undoes();
        Movement original = undone == null ? movement : undone;
        String file = """
                <?xml version="1.0" encoding="UTF-8"?>
                <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M%d</MsgId>
                <CreDtTm>2026-11-23T09:00:00Z</CreDtTm></GrpHdr><Ntfctn><Id>N%d</Id><CreDtTm>2026-11-23T09:00:00Z</CreDtTm>
                <Acct><Id><IBAN>%s</IBAN></Id></Acct><Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd>%s
                <Sts><Cd>%s</Cd></Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt><ValDt><Dt>2026-11-23</Dt></ValDt>
                <AcctSvcrRef>%s</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>%s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
                </Ntfctn></BkToCstmrDbtCdtNtfctn></Document>
                """.formatted(
                        files,
                        files,
                        account(),
                        amount(movement),
                        movement.units() > 0 ? "CRDT" : "DBIT",
                        undone == null ? "" : "<RvslInd>true</RvslInd>",
                        status,
                        original.id(),
                        movement.reference());
        Path part = Files.writeString(in.resolve("n" + files + ".part"), file);
        Files.move(part, in.resolve("n" + String.format("%05d", files) + ".xml"));
        files++;
        return 200;
    }
}
