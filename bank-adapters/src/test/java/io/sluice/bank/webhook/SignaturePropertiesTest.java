package io.sluice.bank.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bank.Verdict;
import io.sluice.bank.WebhookDelivery;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class SignaturePropertiesTest {

    private static final WebhookSecret KEY = WebhookSecret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final Instant SENT = Instant.parse("2026-11-23T10:00:00Z");

    private final StandardWebhooks webhooks = new StandardWebhooks(List.of(KEY));

    @Property(tries = 200)
    void verifiesWhatWasSigned(@ForAll @Size(max = 200) byte[] body) {
        assertThat(verify(body, body)).isInstanceOf(Verdict.Verified.class);
    }

    @Property(tries = 200)
    void refusesABodyThatDiffersInOneByte(@ForAll @Size(min = 1, max = 200) byte[] body, @ForAll int place) {
        byte[] tampered = body.clone();
        tampered[Math.floorMod(place, body.length)] ^= 1;

        assertThat(verify(body, tampered)).isInstanceOf(Verdict.Refused.class);
    }

    private Verdict verify(byte[] signed, byte[] received) {
        return webhooks.verify(
                new WebhookDelivery(
                        StandardWebhooks.headers(KEY, "evt_1", SENT, signed).entrySet().stream()
                                .collect(Collectors.toMap(
                                        header -> header.getKey(), header -> List.of(header.getValue()))),
                        received),
                SENT);
    }
}
