package io.sluice.bench;

import java.nio.charset.StandardCharsets;

/**
 * One webhook as the bank is about to send it.
 *
 * @param credit which credit of the plan it tells of
 * @param genuine whether it is signed with the bank's secret
 */
record Delivery(String eventId, String body, int credit, boolean genuine) {

    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
