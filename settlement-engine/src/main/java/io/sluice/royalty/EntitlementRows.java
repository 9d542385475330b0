package io.sluice.royalty;

import io.sluice.platform.Hashes;
import io.sluice.royalty.CumulativeAllocation.Part;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;

/** Writes a sealed distribution's entitlements by COPY, in the caller's transaction. */
@Component
class EntitlementRows {

    private static final int CHUNK_CHARACTERS = 1 << 20;

    private final DataSource dataSource;

    EntitlementRows(DataSource dataSource) {
        this.dataSource = dataSource;
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
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            CopyIn copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy entitlement (distribution_id, ordinal, holder_id, entitlement_id, gross) from stdin");
            StringBuilder rows = new StringBuilder();
            int ordinal = 0;
            for (Part part : parts) {
                if (part.units() > 0) {
                    rows.append(distributionId)
                            .append('\t')
                            .append(ordinal++)
                            .append('\t')
                            .append(part.holderId())
                            .append('\t')
                            .append(idOf(distributionId, part.holderId()))
                            .append('\t')
                            .append(part.units())
                            .append('\n');
                    if (rows.length() > CHUNK_CHARACTERS) {
                        send(copy, rows);
                    }
                }
            }
            send(copy, rows);
            copy.endCopy();
        } catch (SQLException e) {
            throw new IllegalStateException("Entitlements of " + distributionId + " could not be written", e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    private static void send(CopyIn copy, StringBuilder rows) throws SQLException {
        byte[] bytes = rows.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        rows.setLength(0);
    }
}
