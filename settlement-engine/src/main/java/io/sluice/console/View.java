package io.sluice.console;

import io.sluice.platform.Hashes;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that the page shows, as of one moment. The same for everybody who may look.
 *
 * @param now business time
 * @param booking whether what differs may still be on its way into the ledger
 * @param versions a fingerprint of each part's content: a viewer fetches the parts whose fingerprint is not the one that it shows
 */
record View(
        Instant now,
        Flow flow,
        List<Way> ways,
        Sheet sheet,
        List<Share> shares,
        Waiting waiting,
        Health health,
        boolean booking,
        Map<Part, String> versions) {

    /** What is fetched and replaced as a whole. */
    enum Part {
        SUMMARY,
        FLOW,
        BALANCES,
        WAITING,
        INFLOWS,
        DISTRIBUTIONS,
        HEALTH;

        /** As it stands in addresses and in the page. */
        public String key() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    static View of(
            Instant now,
            Flow flow,
            List<Way> ways,
            Sheet sheet,
            List<Share> shares,
            Waiting waiting,
            Health health,
            boolean booking) {
        Map<Part, String> versions = new EnumMap<>(Part.class);
        versions.put(
                Part.SUMMARY,
                fingerprint(
                        sheet.differences(),
                        booking,
                        waiting.count(),
                        health.sumsAreZero(),
                        flow.received().count(),
                        flow.day(),
                        now.atZone(ZoneOffset.UTC).toLocalDate()));
        versions.put(
                Part.FLOW, fingerprint(flow, now.atZone(ZoneOffset.UTC).toLocalDate(), String.valueOf(health.block())));
        versions.put(Part.BALANCES, fingerprint(sheet, booking));
        versions.put(Part.WAITING, fingerprint(waiting));
        versions.put(Part.INFLOWS, fingerprint(ways));
        versions.put(Part.DISTRIBUTIONS, fingerprint(shares));
        versions.put(Part.HEALTH, fingerprint(health));
        return new View(now, flow, ways, sheet, shares, waiting, health, booking, versions);
    }

    public LocalDate today() {
        return now.atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** Inflows of today, even while the picture still shows an earlier day. */
    public long receivedToday() {
        return flow.day().equals(today()) ? flow.received().count() : 0;
    }

    public FlowPicture picture() {
        return FlowPicture.of(flow);
    }

    /** By the part's name, for the page. */
    public String version(String part) {
        return String.valueOf(versions.get(Part.valueOf(part.toUpperCase(java.util.Locale.ROOT))));
    }

    private static String fingerprint(Object... content) {
        return Hashes.sha256(List.of(content).toString()).substring(0, 12);
    }
}
