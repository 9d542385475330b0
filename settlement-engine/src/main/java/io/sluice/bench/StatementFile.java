package io.sluice.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A camt.053.001.08 of any number of entries that balances, written the way banks write; the same seed gives the same bytes. */
final class StatementFile {

    private StatementFile() {}

    static void write(Path file, int entries, long seed) throws IOException {
        Random random = new Random(seed);
        long[] units = new long[entries];
        boolean[] credit = new boolean[entries];
        long closing = 1_000_000;
        for (int i = 0; i < entries; i++) {
            units[i] = 1L + random.nextInt(500_000);
            credit[i] = random.nextInt(10) > 0;
            closing += credit[i] ? units[i] : -units[i];
        }
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("""
                    <?xml version="1.0" encoding="UTF-8"?>
                    <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
                    <GrpHdr><MsgId>BENCH</MsgId><CreDtTm>2026-11-23T23:59:59Z</CreDtTm></GrpHdr>
                    <Stmt><Id>STMT-BENCH</Id><CreDtTm>2026-11-23T23:59:59Z</CreDtTm>
                    <Acct><Id><IBAN>NL91ABNA0417164300</IBAN></Id><Ccy>EUR</Ccy></Acct>
                    """);
            balance(out, "OPBD", 1_000_000);
            balance(out, "CLBD", closing);
            for (int i = 0; i < entries; i++) {
                out.write(entry(i, units[i], credit[i]));
            }
            out.write("</Stmt></BkToCstmrStmt></Document>\n");
        }
    }

    private static void balance(BufferedWriter out, String type, long units) throws IOException {
        out.write("<Bal><Tp><CdOrPrtry><Cd>" + type + "</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">" + text(Math.abs(units))
                + "</Amt><CdtDbtInd>" + (units < 0 ? "DBIT" : "CRDT")
                + "</CdtDbtInd><Dt><Dt>2026-11-23</Dt></Dt></Bal>\n");
    }

    private static String entry(int number, long units, boolean credit) {
        String other = credit ? "Dbtr" : "Cdtr";
        return """
                <Ntry><NtryRef>%1$d</NtryRef><Amt Ccy="EUR">%2$s</Amt><CdtDbtInd>%3$s</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
                <BookgDt><Dt>2026-11-23</Dt></BookgDt><ValDt><Dt>2026-11-23</Dt></ValDt><AcctSvcrRef>2026112300%1$09d</AcctSvcrRef>
                <BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>%4$s</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
                <NtryDtls><TxDtls><Refs><AcctSvcrRef>2026112300%1$09d</AcctSvcrRef><EndToEndId>ORDER-%1$09d</EndToEndId>
                <TxId>TX%1$09d</TxId></Refs><Amt Ccy="EUR">%2$s</Amt><CdtDbtInd>%3$s</CdtDbtInd>
                <RltdPties><%5$s><Pty><Nm>Customer &amp; Sons %1$d</Nm></Pty></%5$s><%5$sAcct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></%5$sAcct></RltdPties>
                <RmtInf><Ustrd>Order %1$d of the twenty-third of November, thank you for your business</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
                """.formatted(number, text(units), credit ? "CRDT" : "DBIT", credit ? "RCDT" : "ICDT", other);
    }

    private static String text(long units) {
        return BigDecimal.valueOf(units, 2).toPlainString();
    }
}
