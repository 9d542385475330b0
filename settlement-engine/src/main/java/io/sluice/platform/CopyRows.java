package io.sluice.platform;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLErrorCodeSQLExceptionTranslator;

/**
 * Rows into one table by COPY in its binary format, in the caller's transaction: neither side writes numbers, days and ids as text and reads
 * them again. A value is what its column's type says: a {@link UUID}, a {@link LocalDate}, an {@link Instant}, a text, bytes, a truth value, a
 * whole number, a list of such values for an array, or {@code int[]} for one of integer; null is null. Formats: "Binary Format" of COPY in PostgreSQL's
 * documentation, and the {@code _recv} function of each type.
 */
public final class CopyRows {

    private static final int CHUNK = 1 << 18;
    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final int END = -1;
    private static final int NULL = -1;
    private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);
    private static final long EPOCH_DAY = EPOCH.toEpochDay();
    private static final long EPOCH_SECOND = EPOCH_DAY * 86_400;
    private static final BigInteger TEN_THOUSAND = BigInteger.valueOf(10_000);

    /** PostgreSQL's types that rows are written in; {@code oid} as pg_type has it. */
    private enum Type {
        UUID(2950),
        TEXT(25),
        BPCHAR(1042),
        VARCHAR(1043),
        BOOL(16),
        BYTEA(17),
        INT2(21),
        INT4(23),
        INT8(20),
        NUMERIC(1700),
        DATE(1082),
        TIMESTAMPTZ(1184);

        private final int oid;

        Type(int oid) {
            this.oid = oid;
        }
    }

    private record Column(Type type, boolean array) {

        /** @param name as the driver gives it: arrays begin with an underscore */
        static Column of(String name) {
            boolean array = name.startsWith("_");
            return new Column(Type.valueOf((array ? name.substring(1) : name).toUpperCase(Locale.ROOT)), array);
        }
    }

    private final DataSource source;
    private final String table;
    private final String columns;
    private final int width;
    private volatile @Nullable List<Column> types;

    /** @param columns their names, in the order of the values of a row */
    public CopyRows(DataSource source, String table, String... columns) {
        this.source = source;
        this.table = table;
        this.columns = String.join(", ", columns);
        this.width = columns.length;
    }

    /** All rows, or a {@link DataAccessException} and none. */
    public void write(List<@Nullable Object[]> rows) {
        if (rows.isEmpty()) {
            return;
        }
        String order = "copy " + table + " (" + columns + ") from stdin (format binary)";
        Connection connection = DataSourceUtils.getConnection(source);
        try {
            List<Column> its = types(connection);
            CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(order);
            try {
                Bytes bytes = new Bytes();
                bytes.put(HEADER);
                for (@Nullable Object[] row : rows) {
                    append(bytes, row, its);
                    if (bytes.length > CHUNK) {
                        bytes.sendTo(copy);
                    }
                }
                bytes.putShort(END);
                bytes.sendTo(copy);
                copy.endCopy();
            } finally {
                if (copy.isActive()) {
                    copy.cancelCopy();
                }
            }
        } catch (SQLException e) {
            DataAccessException told = new SQLErrorCodeSQLExceptionTranslator(source).translate("CopyRows", order, e);
            throw told == null ? new IllegalStateException(order, e) : told;
        } finally {
            DataSourceUtils.releaseConnection(connection, source);
        }
    }

    /** Asked once: a table's columns keep their types while a program runs. */
    private List<Column> types(Connection connection) throws SQLException {
        List<Column> known = types;
        if (known == null) {
            known = new ArrayList<>(width);
            try (Statement ask = connection.createStatement()) {
                ResultSetMetaData told = ask.executeQuery("select " + columns + " from " + table + " where false")
                        .getMetaData();
                for (int column = 1; column <= width; column++) {
                    known.add(Column.of(told.getColumnTypeName(column)));
                }
            }
            types = known;
        }
        return known;
    }

    private void append(Bytes bytes, @Nullable Object[] row, List<Column> its) {
        if (row.length != width) {
            throw new IllegalArgumentException(table + " (" + columns + "): found a row of " + row.length + " values");
        }
        bytes.putShort(width);
        for (int column = 0; column < width; column++) {
            Object value = row[column];
            if (value == null) {
                bytes.putInt(NULL);
            } else if (value instanceof int[] numbers && its.get(column).array()) {
                array(bytes, its.get(column).type(), numbers);
            } else if (its.get(column).array()) {
                array(bytes, its.get(column).type(), (List<?>) value);
            } else {
                value(bytes, its.get(column).type(), value);
            }
        }
    }

    private static void array(Bytes bytes, Type type, List<?> elements) {
        int start = beginArray(bytes, type, elements.size());
        for (Object element : elements) {
            value(bytes, type, element);
        }
        bytes.endValue(start);
    }

    private static void array(Bytes bytes, Type type, int[] elements) {
        if (type != Type.INT4) {
            throw new IllegalArgumentException("found int[], expected a list of values of type " + type);
        }
        int start = beginArray(bytes, type, elements.length);
        for (int element : elements) {
            bytes.putInt(Integer.BYTES);
            bytes.putInt(element);
        }
        bytes.endValue(start);
    }

    /** As array_recv reads it: one dimension from 1 on, without nulls. */
    private static int beginArray(Bytes bytes, Type type, int elements) {
        int start = bytes.beginValue();
        bytes.putInt(elements == 0 ? 0 : 1);
        bytes.putInt(0);
        bytes.putInt(type.oid);
        if (elements > 0) {
            bytes.putInt(elements);
            bytes.putInt(1);
        }
        return start;
    }

    private static void value(Bytes bytes, Type type, Object value) {
        switch (type) {
            case UUID -> {
                UUID id = (UUID) value;
                bytes.putInt(2 * Long.BYTES);
                bytes.putLong(id.getMostSignificantBits());
                bytes.putLong(id.getLeastSignificantBits());
            }
            case TEXT, BPCHAR, VARCHAR -> bytes.putText((String) value);
            case BOOL -> {
                bytes.putInt(1);
                bytes.putByte((Boolean) value ? 1 : 0);
            }
            case BYTEA -> {
                byte[] its = (byte[]) value;
                bytes.putInt(its.length);
                bytes.put(its);
            }
            case INT2 -> {
                int number = Math.toIntExact(whole(value));
                if (number != (short) number) {
                    throw new ArithmeticException(number + " is beyond a smallint");
                }
                bytes.putInt(Short.BYTES);
                bytes.putShort(number);
            }
            case INT4 -> {
                bytes.putInt(Integer.BYTES);
                bytes.putInt(Math.toIntExact(whole(value)));
            }
            case INT8 -> {
                bytes.putInt(Long.BYTES);
                bytes.putLong(whole(value));
            }
            case NUMERIC -> numeric(bytes, value);
            case DATE -> {
                bytes.putInt(Integer.BYTES);
                bytes.putInt(Math.toIntExact(((LocalDate) value).toEpochDay() - EPOCH_DAY));
            }
            case TIMESTAMPTZ -> {
                bytes.putInt(Long.BYTES);
                bytes.putLong(micros((Instant) value));
            }
        }
    }

    /** As PostgreSQL rounds what a text has behind its sixth digit, so that a row is the same whoever wrote it. */
    private static long micros(Instant instant) {
        return (instant.getEpochSecond() - EPOCH_SECOND) * 1_000_000 + (long) Math.rint(instant.getNano() / 1e9 * 1e6);
    }

    private static long whole(Object value) {
        return switch (value) {
            case Long number -> number;
            case Integer number -> number;
            case BigInteger number -> number.longValueExact();
            default -> throw new IllegalArgumentException("found " + value.getClass() + ", expected a whole number");
        };
    }

    /** As numeric_recv reads it: digits of 10 000, the most significant first. Whole numbers, which is what units are. */
    private static void numeric(Bytes bytes, Object value) {
        BigInteger number = switch (value) {
            case BigInteger big -> big;
            case BigDecimal decimal -> decimal.toBigIntegerExact();
            default -> BigInteger.valueOf(whole(value));
        };
        int start = bytes.beginValue();
        int digits = bytes.length;
        bytes.putShort(0);
        bytes.putShort(0);
        bytes.putShort(number.signum() < 0 ? 0x4000 : 0);
        bytes.putShort(0);
        int first = bytes.length;
        BigInteger rest = number.abs();
        while (rest.bitLength() > 63) {
            BigInteger[] parts = rest.divideAndRemainder(TEN_THOUSAND);
            bytes.putShort(parts[1].intValue());
            rest = parts[0];
        }
        for (long left = rest.longValue(); left > 0; left /= 10_000) {
            bytes.putShort((int) (left % 10_000));
        }
        bytes.reverseShorts(first);
        int count = (bytes.length - first) / Short.BYTES;
        bytes.setShort(digits, count);
        bytes.setShort(digits + Short.BYTES, Math.max(0, count - 1));
        bytes.endValue(start);
    }

    /** Grows; big-endian. */
    private static final class Bytes {

        private byte[] bytes = new byte[1 << 13];
        private int length;

        private void room(int more) {
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
            }
        }

        void put(byte[] more) {
            room(more.length);
            System.arraycopy(more, 0, bytes, length, more.length);
            length += more.length;
        }

        void putByte(int value) {
            room(1);
            bytes[length++] = (byte) value;
        }

        void putShort(int value) {
            room(Short.BYTES);
            setShort(length, value);
            length += Short.BYTES;
        }

        void setShort(int at, int value) {
            bytes[at] = (byte) (value >> 8);
            bytes[at + 1] = (byte) value;
        }

        void putInt(int value) {
            room(Integer.BYTES);
            setInt(length, value);
            length += Integer.BYTES;
        }

        void setInt(int at, int value) {
            setShort(at, value >> 16);
            setShort(at + Short.BYTES, value);
        }

        void putLong(long value) {
            putInt((int) (value >> 32));
            putInt((int) value);
        }

        void putText(String text) {
            int start = beginValue();
            int chars = text.length();
            room(chars);
            for (int i = 0; i < chars; i++) {
                char c = text.charAt(i);
                if (c >= 0x80) { // seldom: all of it as UTF-8
                    length = start;
                    put(text.getBytes(StandardCharsets.UTF_8));
                    endValue(start);
                    return;
                }
                bytes[length++] = (byte) c;
            }
            endValue(start);
        }

        /** Leaves room for how long it will be; answers where its bytes begin. */
        int beginValue() {
            putInt(0);
            return length;
        }

        void endValue(int start) {
            setInt(start - Integer.BYTES, length - start);
        }

        void reverseShorts(int from) {
            for (int low = from, high = length - Short.BYTES; low < high; low += Short.BYTES, high -= Short.BYTES) {
                for (int half = 0; half < Short.BYTES; half++) {
                    byte kept = bytes[low + half];
                    bytes[low + half] = bytes[high + half];
                    bytes[high + half] = kept;
                }
            }
        }

        void sendTo(CopyIn copy) throws SQLException {
            copy.writeToCopy(bytes, 0, length);
            length = 0;
        }
    }
}
