package io.sluice.royalty;

import io.sluice.platform.CopyRows;
import io.sluice.platform.Hashes;
import io.sluice.royalty.CumulativeAllocation.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.stereotype.Component;

/** Writes a sealed distribution's entitlements by COPY, in the caller's transaction. */
@Component
class EntitlementRows {

    private final CopyRows rows;

    EntitlementRows(DataSource source) {
        this.rows = new CopyRows(
                source, "entitlement", "distribution_id", "ordinal", "holder_id", "entitlement_id", "gross");
    }

    /** SHA-256 over a line of holder id, a space and the units, for every holder who is owed something, in order of holder id. */
    static String hash(List<Part> parts) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (part.units() > 0) {
                text.append(part.holderId()).append(' ').append(part.units()).append('\n');
            }
        }
        return Hashes.sha256(text.toString());
    }

    static UUID idOf(UUID distributionId, String holderId) {
        return Hashes.uuid("entitlement", distributionId.toString(), holderId);
    }

    void write(UUID distributionId, List<Part> parts) {
        List<Object[]> owed = new ArrayList<>(parts.size());
        for (Part part : parts) {
            if (part.units() > 0) {
                owed.add(new Object[] {
                    distributionId, owed.size(), part.holderId(), idOf(distributionId, part.holderId()), part.units()
                });
            }
        }
        rows.write(owed);
    }
}
