package io.sluice.bank.iso20022;

import com.ctc.wstx.stax.WstxOutputFactory;
import io.sluice.bank.TransferBatch;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes a batch as pain.001.001.09 for SEPA Credit Transfer or SEPA Instant, by the EPC's customer-to-bank guidelines (EPC132-08, 2025):
 * EUR alone, charges shared, IBAN of the creditor and no BIC inside the EEA, no address (an unstructured one is refused since 15 November
 * 2026), every transfer booked by itself so that the statement shows its EndToEndId.
 *
 * <p>What was written is read back by {@link #check} before anyone gets it: number, sum and every transfer.
 */
public final class CreditTransferFile {

    static final String NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";

    private static final BigDecimal LEAST = new BigDecimal("0.01");
    private static final BigDecimal MOST = new BigDecimal("999999999.99");

    private final Debtor debtor;
    private final Scheme scheme;

    public CreditTransferFile(Debtor debtor, Scheme scheme) {
        this.debtor = debtor;
        this.scheme = scheme;
    }

    /**
     * Who pays.
     *
     * @param bic of the debtor's bank; null where the bank does not want it
     */
    public record Debtor(String name, @Nullable String bic) {
        public Debtor {
            if (bic != null && !bic.matches("[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")) {
                throw new IllegalArgumentException("A BIC has 8 or 11 letters and digits, was " + bic.length());
            }
        }
    }

    /** How the banks carry the transfers. */
    public enum Scheme {
        /** SEPA Credit Transfer: on a day on which TARGET is open. */
        SCT,
        /** SEPA Instant: at once, any day. */
        INSTANT
    }

    /**
     * The file.
     *
     * @param messageId 1 to 35 SEPA characters; the bank refuses a second file under it, so a re-send has the same
     * @throws IllegalArgumentException when SEPA cannot carry the batch; it says which rule, and names a transfer by its EndToEndId
     */
    public byte[] write(String messageId, TransferBatch batch, Instant created) {
        SepaText.requireReference("message id", messageId);
        requireSepa(batch);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            XMLStreamWriter xml = new WstxOutputFactory().createXMLStreamWriter(bytes, "UTF-8");
            Out out = new Out(xml);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.setDefaultNamespace(NAMESPACE);
            xml.writeStartElement(NAMESPACE, "Document");
            xml.writeDefaultNamespace(NAMESPACE);
            out.in("CstmrCdtTrfInitn", () -> {
                header(out, messageId, batch, created);
                payment(out, messageId, batch);
            });
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("The file could not be written", e);
        }
        byte[] written = bytes.toByteArray();
        check(written, batch);
        return written;
    }

    private void header(Out out, String messageId, TransferBatch batch, Instant created) throws XMLStreamException {
        out.in("GrpHdr", () -> {
            out.text("MsgId", messageId);
            out.text("CreDtTm", created.truncatedTo(ChronoUnit.SECONDS).toString());
            totals(out, batch);
            out.in("InitgPty", () -> out.text("Nm", debtorName()));
        });
    }

    private void payment(Out out, String messageId, TransferBatch batch) throws XMLStreamException {
        out.in("PmtInf", () -> {
            out.text("PmtInfId", messageId);
            out.text("PmtMtd", "TRF");
            out.text("BtchBookg", "false");
            totals(out, batch);
            out.in("PmtTpInf", () -> {
                out.in("SvcLvl", () -> out.text("Cd", "SEPA"));
                if (scheme == Scheme.INSTANT) {
                    out.in("LclInstrm", () -> out.text("Cd", "INST"));
                }
            });
            out.in("ReqdExctnDt", () -> out.text("Dt", executionDate(batch).toString()));
            out.in("Dbtr", () -> out.text("Nm", debtorName()));
            out.account("DbtrAcct", Iban.of("debtor's account", batch.debtorAccount()));
            out.in(
                    "DbtrAgt",
                    () -> out.in("FinInstnId", () -> {
                        if (debtor.bic() == null) {
                            out.in("Othr", () -> out.text("Id", "NOTPROVIDED"));
                        } else {
                            out.text("BICFI", debtor.bic());
                        }
                    }));
            out.text("ChrgBr", "SLEV");
            for (TransferBatch.Transfer transfer : batch.transfers()) {
                transfer(out, transfer);
            }
        });
    }

    private static void transfer(Out out, TransferBatch.Transfer transfer) throws XMLStreamException {
        out.in("CdtTrfTxInf", () -> {
            out.in("PmtId", () -> {
                out.text("InstrId", transfer.endToEndId());
                out.text("EndToEndId", transfer.endToEndId());
            });
            out.in("Amt", () -> out.amount("InstdAmt", transfer.amount()));
            out.in("Cdtr", () -> out.text("Nm", creditorName(transfer)));
            out.account("CdtrAcct", creditorAccount(transfer));
            String remittance = transfer.remittance();
            if (remittance != null) {
                out.in("RmtInf", () -> out.text("Ustrd", SepaText.of("remittance", remittance, SepaText.REMITTANCE)));
            }
        });
    }

    private static void totals(Out out, TransferBatch batch) throws XMLStreamException {
        out.text("NbOfTxs", Integer.toString(batch.transfers().size()));
        out.text("CtrlSum", sum(batch).setScale(2).toPlainString());
    }

    private static BigDecimal sum(TransferBatch batch) {
        return batch.transfers().stream().map(TransferBatch.Transfer::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private LocalDate executionDate(TransferBatch batch) {
        return scheme == Scheme.INSTANT ? batch.executionDate() : TargetDays.onOrAfter(batch.executionDate());
    }

    private String debtorName() {
        return SepaText.of("debtor's name", debtor.name(), SepaText.NAME);
    }

    private static String creditorName(TransferBatch.Transfer transfer) {
        return SepaText.of("creditor's name", transfer.creditorName(), SepaText.NAME);
    }

    private static String creditorAccount(TransferBatch.Transfer transfer) {
        return Iban.of("creditor's account", transfer.creditorAccount());
    }

    private static void requireSepa(TransferBatch batch) {
        if (!batch.currency().equals("EUR")) {
            throw new IllegalArgumentException("SEPA is in EUR, was " + batch.currency());
        }
        Set<String> references = new HashSet<>();
        for (TransferBatch.Transfer transfer : batch.transfers()) {
            SepaText.requireReference("EndToEndId", transfer.endToEndId());
            try {
                require(references.add(transfer.endToEndId()), "its EndToEndId stands twice in the batch");
                BigDecimal amount = transfer.amount();
                require(
                        amount.compareTo(LEAST) >= 0 && amount.compareTo(MOST) <= 0,
                        "the amount is from 0.01 to 999999999.99");
                require(amount.stripTrailingZeros().scale() <= 2, "the amount has at most two decimals");
                require(
                        Iban.inEea(creditorAccount(transfer)),
                        "outside the EEA the creditor's BIC and address are needed, which an order does not carry");
                creditorName(transfer);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("Transfer " + transfer.endToEndId() + ": " + e.getMessage(), e);
            }
        }
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    /**
     * Reads a file back and compares it with the batch that it should carry.
     *
     * @throws IllegalStateException when it carries anything else: a defect, the file must not leave
     */
    static void check(byte[] file, TransferBatch batch) {
        Cursor cursor = new Cursor(new ByteArrayInputStream(file), CamtLimits.DEFAULT);
        cursor.nextChild();
        Branch document = cursor.branch();
        Branch initiation = document.at("CstmrCdtTrfInitn");
        Branch header = initiation == null ? null : initiation.at("GrpHdr");
        Branch payment = initiation == null ? null : initiation.at("PmtInf");
        if (header == null || payment == null) {
            throw new IllegalStateException("The file has no header or no payment");
        }
        List<Branch> written = payment.all("CdtTrfTxInf");
        BigDecimal total = BigDecimal.ZERO;
        for (int i = 0; i < written.size(); i++) {
            TransferBatch.Transfer ordered = batch.transfers().get(i);
            BigDecimal amount = IsoText.amount(String.valueOf(written.get(i).textAt("Amt", "InstdAmt")));
            String endToEndId = written.get(i).textAt("PmtId", "EndToEndId");
            String account = written.get(i).textAt("CdtrAcct", "Id", "IBAN");
            if (amount == null
                    || amount.compareTo(ordered.amount()) != 0
                    || !ordered.endToEndId().equals(endToEndId)
                    || !creditorAccount(ordered).equals(account)) {
                throw new IllegalStateException("The file does not carry transfer " + ordered.endToEndId());
            }
            total = total.add(amount);
        }
        String number = Integer.toString(batch.transfers().size());
        String sum = total.setScale(2).toPlainString();
        for (Branch totals : List.of(header, payment)) {
            if (!number.equals(totals.textAt("NbOfTxs"))
                    || !sum.equals(totals.textAt("CtrlSum"))
                    || written.size() != batch.transfers().size()) {
                throw new IllegalStateException("The file's totals are not those of its transfers");
            }
        }
    }

    /** Writes elements of the file's one namespace. */
    private record Out(XMLStreamWriter xml) {

        void in(String name, Content content) throws XMLStreamException {
            xml.writeStartElement(NAMESPACE, name);
            content.write();
            xml.writeEndElement();
        }

        void text(String name, String text) throws XMLStreamException {
            in(name, () -> xml.writeCharacters(text));
        }

        void amount(String name, BigDecimal euros) throws XMLStreamException {
            xml.writeStartElement(NAMESPACE, name);
            xml.writeAttribute("Ccy", "EUR");
            xml.writeCharacters(euros.stripTrailingZeros().setScale(2).toPlainString());
            xml.writeEndElement();
        }

        void account(String name, String iban) throws XMLStreamException {
            in(name, () -> in("Id", () -> text("IBAN", iban)));
        }
    }

    private interface Content {
        void write() throws XMLStreamException;
    }
}
