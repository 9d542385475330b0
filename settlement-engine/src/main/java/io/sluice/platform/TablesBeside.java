package io.sluice.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Tables of this session alone with the names and columns of public ones, before which they are found, and the change of the public
 * tables' rows for theirs. All within the caller's transaction, by who owns the public tables.
 */
final class TablesBeside {

    private final JdbcTemplate db;

    TablesBeside(JdbcTemplate db) {
        this.db = db;
    }

    /** An empty one, dropped with the transaction, without any index. */
    void create(String table) {
        db.execute("create temporary table " + table + " (like public." + table
                + " including all excluding indexes) on commit drop");
    }

    /** Gives it the primary key of the public one; throws when two of its rows have the same. */
    void key(String table) {
        db.execute("alter table pg_temp." + table + " add primary key (" + String.join(", ", primaryKey(table)) + ")");
    }

    /** Text is compared as bytes: the order is the same on every server. */
    String inOrder(String table) {
        return " order by "
                + String.join(
                        ", ", primaryKey(table, "case when a.attcollation <> 0 then ' collate \"C\"' else '' end"));
    }

    /** The columns of its primary key, quoted. */
    List<String> primaryKey(String table) {
        return primaryKey(table, "''");
    }

    private List<String> primaryKey(String table, String suffix) {
        return db.queryForList(
                "select quote_ident(a.attname) || " + suffix
                        + " from pg_index i cross join unnest(i.indkey::int[]) with ordinality k (attnum, place)"
                        + " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum"
                        + " where i.indrelid = ('public.' || ?)::regclass and i.indisprimary order by k.place",
                String.class,
                table);
    }

    /**
     * Puts their rows in the place of the public ones. What is append-only for everybody else is so for its owner, too, but here. Indexes
     * are made after the rows: sorted once, which costs less than finding each row's place.
     */
    void replace(List<String> tables) {
        tables.forEach(table -> db.execute("alter table public." + table + " disable trigger user"));
        db.execute("truncate " + tables.stream().map(table -> "public." + table).collect(Collectors.joining(", ")));
        List<String> afterwards = new ArrayList<>();
        for (String table : tables) {
            afterwards.addAll(dropIndexes(table));
        }
        tables.forEach(table -> db.execute("insert into public." + table + " select * from pg_temp." + table));
        afterwards.forEach(db::execute);
        tables.forEach(table -> db.execute("alter table public." + table + " enable trigger user"));
    }

    /** Answers the orders that make them again, as PostgreSQL itself words them. Those that another table refers to stay. */
    private List<String> dropIndexes(String table) {
        List<String> again = new ArrayList<>();
        db.query(
                "select format('alter table %s drop constraint %I', conrelid::regclass, conname),"
                        + " format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))"
                        + " from pg_constraint c where conrelid = ('public.' || ?)::regclass and contype in ('p', 'u')"
                        + " and not exists (select from pg_constraint f where f.contype = 'f' and f.conindid = c.conindid)"
                        + " order by contype, conname",
                row -> {
                    db.execute(row.getString(1));
                    again.add(row.getString(2));
                },
                table);
        db.query(
                "select format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid) from pg_index i"
                        + " where i.indrelid = ('public.' || ?)::regclass"
                        + " and not exists (select from pg_constraint c where c.conindid = i.indexrelid) order by 1",
                row -> {
                    db.execute(row.getString(1));
                    again.add(row.getString(2));
                },
                table);
        return again;
    }
}
