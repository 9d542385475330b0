package io.sluice.sandbox;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Faults of the bank's wire that someone has ordered, each for a number of requests. */
final class Faults {

    /**
     * One order.
     *
     * @param path requests whose path begins so
     * @param kind {@code reset}, {@code empty}, {@code garbage}, {@code malformed}, {@code status} or {@code delay}
     * @param afterBooking whether the bank first does what it was asked, so that only its answer is lost
     * @param status for {@code status}: what it answers
     * @param delayMillis for {@code delay}
     * @param times requests that are still to suffer
     */
    record Fault(String path, String kind, boolean afterBooking, int status, int delayMillis, int times) {}

    private final List<Fault> ordered = new CopyOnWriteArrayList<>();

    void order(Fault fault) {
        if (!List.of("reset", "empty", "garbage", "malformed", "status", "delay")
                .contains(fault.kind())) {
            throw new IllegalArgumentException("No such fault: " + fault.kind());
        }
        ordered.add(fault);
    }

    void clear() {
        ordered.clear();
    }

    List<Fault> ordered() {
        return List.copyOf(ordered);
    }

    /** The fault that this request suffers; counts it. */
    synchronized Optional<Fault> next(String path) {
        for (Iterator<Fault> all = ordered.iterator(); all.hasNext(); ) {
            Fault fault = all.next();
            if (path.startsWith(fault.path())) {
                ordered.remove(fault);
                if (fault.times() > 1) {
                    ordered.add(new Fault(
                            fault.path(),
                            fault.kind(),
                            fault.afterBooking(),
                            fault.status(),
                            fault.delayMillis(),
                            fault.times() - 1));
                }
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }
}
