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
        super(
                "folder",
                "DE89370400440532013000",
                "EUR",
                new PaymentDesk(request -> "", (key, body) -> "", "none")); // it takes files
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

    /** The daily statement over these movements, the first of an account that held nothing; debits carry our reference. */
    void statement(String day, long opening, List<Movement> movements) throws IOException {
        StringBuilder entries = new StringBuilder();
        long closing = opening;
        for (Movement movement : movements) {
            Movement undone = movement.undoes();
            closing += movement.units();
            entries.append("""
                    <Ntry><Amt Ccy="EUR">%s</Amt><CdtDbtInd>%s</CdtDbtInd>%s<Sts><Cd>BOOK</Cd></Sts>
                    <BookgDt><Dt>%s</Dt></BookgDt><ValDt><Dt>%s</Dt></ValDt><AcctSvcrRef>%s</AcctSvcrRef>
                    <NtryDtls><TxDtls><Refs><EndToEndId>%s</EndToEndId></Refs></TxDtls></NtryDtls></Ntry>
                    """.formatted(
                            amount(movement),
                            movement.units() > 0 ? "CRDT" : "DBIT",
                            undone == null ? "" : "<RvslInd>true</RvslInd>",
                            day,
                            day,
                            undone == null ? movement.id() : undone.id(),
                            movement.units() > 0 || undone != null ? "NOTPROVIDED" : movement.reference()));
        }
        drop("""
                <?xml version="1.0" encoding="UTF-8"?>
                <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>S%d</MsgId>
                <CreDtTm>%sT23:00:00Z</CreDtTm></GrpHdr><Stmt><Id>S%d</Id><CreDtTm>%sT23:00:00Z</CreDtTm>
                <Acct><Id><IBAN>%s</IBAN></Id></Acct>%s%s%s</Stmt></BkToCstmrStmt></Document>
                """.formatted(
                        files,
                        day,
                        files,
                        day,
                        account(),
                        balance("OPBD", opening, day),
                        balance("CLBD", closing, day),
                        entries));
    }

    private String balance(String type, long units, String day) {
        return "<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Dt><Dt>%s</Dt></Dt></Bal>"
                .formatted(type, amount(new Movement("", units, "", null)), units < 0 ? "DBIT" : "CRDT", day);
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
        drop(file);
        return 200;
    }

    private void drop(String file) throws IOException {
        Path part = Files.writeString(in.resolve("n" + files + ".part"), file);
        Files.move(part, in.resolve("n" + String.format("%05d", files) + ".xml"));
        files++;
    }
}
