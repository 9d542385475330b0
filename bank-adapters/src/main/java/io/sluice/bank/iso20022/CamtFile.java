package io.sluice.bank.iso20022;

import java.util.List;

/** A whole message in memory. Large files are read with a {@link CamtHandler} instead. */
public record CamtFile(CamtMessage message, List<CamtReport> reports) {

    public CamtFile {
        reports = List.copyOf(reports);
    }
}
