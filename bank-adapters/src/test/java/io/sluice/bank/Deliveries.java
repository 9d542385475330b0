package io.sluice.bank;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Deliveries as a test writes them. */
public final class Deliveries {

    private Deliveries() {}

    public static WebhookDelivery of(Map<String, String> headers, byte[] body) {
        return new WebhookDelivery(
                headers.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue()))),
                body);
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The only entry of a message. */
    public static BankEntry entry(List<BankNotice> notices) {
        if (notices.size() == 1 && notices.getFirst() instanceof BankNotice.EntryNotice notice) {
            return notice.entry();
        }
        throw new AssertionError("Expected one entry, found " + notices);
    }
}
