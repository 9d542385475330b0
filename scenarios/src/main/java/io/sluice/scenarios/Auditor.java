package io.sluice.scenarios;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads the engine's database as {@code sluice_auditor}, who may change nothing and sees no personal data. */
final class Auditor {

    /** One row of an answer. */
    interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    private final String url;
    private final String password;

    Auditor(String url, String password) {
        this.url = url;
        this.password = password;
    }

    <T> List<T> ask(String sql, Reading<T> reading, Object... values) {
        try (Connection connection = DriverManager.getConnection(url, "sluice_auditor", password);
                PreparedStatement question = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                question.setObject(
                        i + 1,
                        values[i] instanceof String[] texts ? connection.createArrayOf("text", texts) : values[i]);
            }
            List<T> answer = new ArrayList<>();
            try (ResultSet rows = question.executeQuery()) {
                while (rows.next()) {
                    answer.add(reading.of(rows));
                }
            }
            return answer;
        } catch (SQLException e) {
            throw new IllegalStateException("The auditor cannot read: " + e.getMessage(), e);
        }
    }
}
