package io.sluice.bank.iso20022;

import java.util.List;

/** One Stmt, Rpt or Ntfctn with all its entries. */
public record CamtReport(CamtHeader header, List<CamtEntry> entries) {

    public CamtReport {
        entries = List.copyOf(entries);
    }

    /** Everything that a bookkeeper must know of it: about the header, about each entry, and about the sums. */
    public List<Finding> findings() {
        return StatementProof.of(this).findings();
    }
}
