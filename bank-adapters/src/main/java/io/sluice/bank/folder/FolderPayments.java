package io.sluice.bank.folder;

import io.sluice.bank.BankFailure;
import io.sluice.bank.BankPayments;
import io.sluice.bank.OnRampOrder;
import io.sluice.bank.OnRampOutcome;
import io.sluice.bank.OnRampQuote;
import io.sluice.bank.SubmitOutcome;
import io.sluice.bank.TransferBatch;
import io.sluice.bank.TransferStatus;
import io.sluice.bank.UnreadableMessage;
import io.sluice.bank.iso20022.CreditTransferFile;
import io.sluice.bank.iso20022.PaymentStatusReport;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Orders as files. One order is one file, under a message id that follows from its key. */
final class FolderPayments implements BankPayments {

    private static final int MOST_REPORTS = 10_000;
    private static final int MESSAGE_ID_DIGITS = 32;
    private static final String RECEIVED = "RCVD";
    private static final Set<String> KNOWN_ALREADY = Set.of("AM05", "DU01", "DUPL");
    private static final Pattern CREATED = Pattern.compile("<CreDtTm>[^<]*</CreDtTm>");
    private static final Pattern END_TO_END_ID = Pattern.compile("<EndToEndId>([^<]+)</EndToEndId>");

    /** How far each state is; a report of a lower one that comes later says nothing new. */
    private static final Map<String, Integer> ORDER = Map.of(
            "", 0, RECEIVED, 1, "RCVC", 1, "ACTC", 2, "PDNG", 2, "ACCP", 3, "ACWC", 3, "ACSP", 4, "ACSC", 6, "ACCC", 7);

    private static final int OVER = 5;

    private final FolderSettings settings;
    private final CreditTransferFile files;
    private final Arrivals arrivals;

    FolderPayments(FolderSettings settings, Arrivals arrivals) {
        this.settings = settings;
        this.files = new CreditTransferFile(settings.debtor(), settings.scheme());
        this.arrivals = arrivals;
    }

    @Override
    public SubmitOutcome submit(TransferBatch batch) {
        String messageId = messageId(batch.idempotencyKey());
        byte[] file;
        try {
            file = files.write(messageId, batch, settings.clock().instant());
        } catch (IllegalArgumentException e) {
            return new SubmitOutcome.Rejected("not-sepa", String.valueOf(e.getMessage()));
        }
        try {
            for (Path folder : List.of(settings.out(), settings.sent())) {
                Files.createDirectories(folder);
            }
            Path record = record(messageId);
            if (Files.exists(record)) {
                byte[] recorded = Files.readAllBytes(record);
                if (!Arrays.equals(withoutCreation(recorded), withoutCreation(file))) {
                    return new SubmitOutcome.Unknown("Another order was sent under this key");
                }
                file = recorded;
            } else {
                writeWhole(record, file);
            }
            if (!Files.exists(handedOver(messageId))) {
                writeWhole(settings.out().resolve(messageId + ".xml"), file);
                writeWhole(handedOver(messageId), new byte[0]);
            }
        } catch (IOException e) {
            return new SubmitOutcome.Unknown(
                    "The file could not be handed over: " + e.getClass().getSimpleName());
        }
        return accepted(messageId, references(file), Map.of());
    }

    @Override
    public Optional<SubmitOutcome> find(String idempotencyKey) {
        String messageId = messageId(idempotencyKey);
        try {
            if (!Files.exists(record(messageId))) {
                return Optional.empty();
            }
            if (!Files.exists(handedOver(messageId))) {
                return Optional.of(new SubmitOutcome.Unknown("Recorded, and perhaps not handed over"));
            }
            return Optional.of(outcome(messageId, references(Files.readAllBytes(record(messageId)))));
        } catch (IOException e) {
            return Optional.of(new SubmitOutcome.Unknown(
                    "The record cannot be read: " + e.getClass().getSimpleName()));
        }
    }

    /** What all reports on the file come to. */
    private SubmitOutcome outcome(String messageId, List<String> references) {
        Map<String, TransferStatus> states = new LinkedHashMap<>();
        for (PaymentStatusReport report : reports(messageId)) {
            if (report.groupReason() != null && KNOWN_ALREADY.contains(report.groupReason())) {
                continue; // our own second sending: the first one stands
            }
            if ("RJCT".equals(report.groupStatus()) && report.transfers().isEmpty()) {
                return states.values().stream().anyMatch(state -> order(state.code()) >= order("ACSC"))
                        ? new SubmitOutcome.Unknown("The bank refuses a file of which it has carried out a part")
                        : new SubmitOutcome.Rejected(
                                report.groupReason() == null ? "RJCT" : report.groupReason(),
                                "The bank refused the file");
            }
            for (TransferStatus state : report.transfers()) {
                TransferStatus known = states.get(state.endToEndId());
                if (known != null && contradict(known, state)) {
                    return new SubmitOutcome.Unknown("The bank says of " + state.endToEndId() + " both " + known.code()
                            + " and " + state.code());
                }
                if (known == null || order(state.code()) > order(known.code())) {
                    states.put(state.endToEndId(), state);
                }
            }
        }
        return accepted(messageId, references, states);
    }

    private List<PaymentStatusReport> reports(String messageId) {
        List<PaymentStatusReport> reports = new ArrayList<>();
        for (Arrivals.Arrival arrival :
                arrivals.after("", beginning -> beginning.contains("pain.002.001."), MOST_REPORTS)) {
            try {
                PaymentStatusReport report = PaymentStatusReport.read(arrivals.read(arrival.id()));
                if (report.originalMessageId().equals(messageId)) {
                    reports.add(report);
                }
            } catch (UnreadableMessage e) {
                // Stays in the folder for a person; what it would have said is not known, and not needed to wait.
            }
        }
        return reports;
    }

    /** Refused or cancelled after the money went: neither can be believed alone. */
    private static boolean contradict(TransferStatus one, TransferStatus other) {
        return (over(one) && order(other.code()) >= order("ACSC"))
                || (over(other) && order(one.code()) >= order("ACSC"));
    }

    private static boolean over(TransferStatus state) {
        return state.code().equals("RJCT") || state.code().equals("CANC");
    }

    private static int order(String code) {
        return switch (code) {
            case "RJCT", "CANC" -> OVER; // above all that is not money yet, below money
            default -> ORDER.getOrDefault(code, 0);
        };
    }

    private static SubmitOutcome.Accepted accepted(
            String messageId, List<String> references, Map<String, TransferStatus> states) {
        return new SubmitOutcome.Accepted(
                messageId,
                references.stream()
                        .map(reference -> {
                            TransferStatus state = states.get(reference);
                            return state == null || state.code().isEmpty()
                                    ? new TransferStatus(reference, "", RECEIVED, null)
                                    : state;
                        })
                        .toList());
    }

    /** The key itself where it can be one, else what follows from it. */
    static String messageId(String idempotencyKey) {
        if (idempotencyKey.matches("[A-Za-z0-9-]{1,35}")) {
            return idempotencyKey;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(idempotencyKey.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, MESSAGE_ID_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private Path record(String messageId) {
        return settings.sent().resolve(messageId + ".xml");
    }

    private Path handedOver(String messageId) {
        return settings.sent().resolve(messageId + ".handed-over");
    }

    private static byte[] withoutCreation(byte[] file) {
        return CREATED.matcher(new String(file, StandardCharsets.UTF_8))
                .replaceAll("")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> references(byte[] file) {
        Matcher found = END_TO_END_ID.matcher(new String(file, StandardCharsets.UTF_8));
        List<String> references = new ArrayList<>();
        while (found.find()) {
            references.add(found.group(1));
        }
        return references;
    }

    /** All of it or nothing, on the disk before it has its name. */
    private static void writeWhole(Path target, byte[] bytes) throws IOException {
        Path unfinished = target.resolveSibling("." + target.getFileName() + ".tmp");
        Files.write(
                unfinished,
                bytes,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.SYNC);
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public OnRampQuote quote(String currency, BigDecimal amount) {
        throw new BankFailure("This bank has no on-ramp");
    }

    @Override
    public OnRampOutcome onRamp(OnRampOrder order) {
        return new OnRampOutcome.Rejected("no-on-ramp", "This bank has no on-ramp");
    }

    @Override
    public Optional<OnRampOutcome> findOnRamp(String idempotencyKey) {
        return Optional.empty();
    }
}
