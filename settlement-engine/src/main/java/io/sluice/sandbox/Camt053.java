package io.sluice.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * One statement of one account and day as camt.053.001.08, in the order of its schema.
 *
 * @param sequence ElctrncSeqNb: one more than that of the account's statement before
 * @param opening booked balance in minor units, which is the closing balance of the statement before
 */
record Camt053(
        String id,
        int sequence,
        String account,
        String ownerName,
        String currency,
        LocalDate day,
        Instant createdAt,
        long opening,
        long closing) {

    private static final String NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08";

    byte[] write(List<Movement> movements) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            XMLStreamWriter xml =
                    XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
            new Document(xml).write(movements);
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private final class Document {

        private final XMLStreamWriter xml;

        Document(XMLStreamWriter xml) {
            this.xml = xml;
        }

        void write(List<Movement> movements) throws XMLStreamException {
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("Document");
            xml.writeDefaultNamespace(NAMESPACE);
            open("BkToCstmrStmt");
            open("GrpHdr");
            text("MsgId", id);
            text("CreDtTm", createdAt.toString());
            close();
            open("Stmt");
            text("Id", id);
            text("ElctrncSeqNb", Integer.toString(sequence));
            text("CreDtTm", createdAt.toString());
            open("FrToDt");
            text("FrDtTm", day + "T00:00:00Z");
            text("ToDtTm", day + "T23:59:59Z");
            close();
            open("Acct");
            id(account);
            text("Ccy", currency);
            text("Nm", ownerName);
            close();
            balance("OPBD", opening);
            balance("CLBD", closing);
            summary(movements);
            for (Movement movement : movements) {
                entry(movement);
            }
            close();
            close();
            close();
            xml.writeEndDocument();
        }

        private void balance(String code, long units) throws XMLStreamException {
            open("Bal");
            open("Tp");
            open("CdOrPrtry");
            text("Cd", code);
            close();
            close();
            amount(Math.abs(units));
            text("CdtDbtInd", units < 0 ? "DBIT" : "CRDT");
            open("Dt");
            text("Dt", day.toString());
            close();
            close();
        }

        private void summary(List<Movement> movements) throws XMLStreamException {
            open("TxsSummry");
            total("TtlCdtNtries", movements.stream().filter(Movement::credit).toList());
            total(
                    "TtlDbtNtries",
                    movements.stream().filter(movement -> !movement.credit()).toList());
            close();
        }

        private void total(String name, List<Movement> movements) throws XMLStreamException {
            open(name);
            text("NbOfNtries", Integer.toString(movements.size()));
            text("Sum", Units.text(movements.stream().mapToLong(Movement::units).sum(), currency));
            close();
        }

        private void entry(Movement movement) throws XMLStreamException {
            open("Ntry");
            amount(movement.units());
            text("CdtDbtInd", movement.credit() ? "CRDT" : "DBIT");
            open("Sts");
            text("Cd", "BOOK");
            close();
            date("BookgDt", movement.bookingDate());
            date("ValDt", movement.bookingDate());
            text("AcctSvcrRef", movement.servicerReference());
            code(movement.transactionCode());
            open("NtryDtls");
            open("TxDtls");
            open("Refs");
            text("AcctSvcrRef", movement.servicerReference());
            optional("EndToEndId", movement.endToEndId());
            text("TxId", movement.transactionId());
            close();
            amount(movement.units());
            text("CdtDbtInd", movement.credit() ? "CRDT" : "DBIT");
            parties(movement);
            if (movement.remittance() != null) {
                open("RmtInf");
                text("Ustrd", movement.remittance());
                close();
            }
            if (movement.returnReason() != null) {
                open("RtrInf");
                open("Rsn");
                text("Cd", movement.returnReason());
                close();
                close();
            }
            close();
            close();
            close();
        }

        /** The other side: the payer of a credit, the payee of a debit; of a return, the payee who did not get it. */
        private void parties(Movement movement) throws XMLStreamException {
            if (movement.counterpartyName() == null) {
                return;
            }
            boolean theyAreDebtor = movement.credit() && movement.returnReason() == null;
            open("RltdPties");
            open(theyAreDebtor ? "Dbtr" : "Cdtr");
            open("Pty");
            text("Nm", movement.counterpartyName());
            close();
            close();
            if (movement.counterpartyAccount() != null) {
                open(theyAreDebtor ? "DbtrAcct" : "CdtrAcct");
                id(movement.counterpartyAccount());
                close();
            }
            close();
        }

        private void code(String domainFamilySub) throws XMLStreamException {
            String[] parts = domainFamilySub.split("/", -1);
            open("BkTxCd");
            open("Domn");
            text("Cd", parts[0]);
            open("Fmly");
            text("Cd", parts[1]);
            text("SubFmlyCd", parts[2]);
            close();
            close();
            close();
        }

        private void id(String number) throws XMLStreamException {
            open("Id");
            if (number.matches("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")) {
                text("IBAN", number);
            } else {
                open("Othr");
                text("Id", number);
                close();
            }
            close();
        }

        private void date(String name, LocalDate date) throws XMLStreamException {
            open(name);
            text("Dt", date.toString());
            close();
        }

        private void amount(long units) throws XMLStreamException {
            open("Amt");
            xml.writeAttribute("Ccy", currency);
            xml.writeCharacters(Units.text(units, currency));
            close();
        }

        private void optional(String name, @Nullable String content) throws XMLStreamException {
            if (content != null) {
                text(name, content);
            }
        }

        private void text(String name, String content) throws XMLStreamException {
            open(name);
            xml.writeCharacters(content);
            close();
        }

        private void open(String name) throws XMLStreamException {
            xml.writeStartElement(name);
        }

        private void close() throws XMLStreamException {
            xml.writeEndElement();
        }
    }
}
