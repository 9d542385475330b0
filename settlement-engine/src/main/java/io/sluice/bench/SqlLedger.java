package io.sluice.bench;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;

/**
 * What one would write by hand: accounts with a balance, and a function per inflow that posts all of its lines at once and moves the
 * balances, locked in order.
 */
final class SqlLedger {

    static final List<String> SCHEMA = List.of(
            "create table account (id bigint primary key, units bigint not null default 0)",
            "create table transfer (ref uuid primary key, value_date date not null, at timestamptz not null default now())",
            "create table entry (ref uuid not null, line int not null, account bigint not null, units bigint not null,"
                    + " value_date date not null, primary key (ref, line))",
            "create index entry_of_account on entry (account, value_date)",
            """
            create function post_inflow(p_ref uuid, p_day date, p_accounts bigint[], p_units bigint[]) returns void language plpgsql as $$
            begin
                insert into transfer (ref, value_date) values (p_ref, p_day);
                insert into entry select p_ref, line, account, units, p_day
                    from unnest(p_accounts, p_units) with ordinality l (account, units, line);
                perform from account where id = any(p_accounts) order by id for update;
                update account a set units = a.units + l.units
                    from (select account, sum(units) as units from unnest(p_accounts, p_units) l (account, units) group by account) l
                    where a.id = l.account;
            end $$""");

    /** Accounts of each client, its own nostro first; account 0 is the nostro that all share. */
    static final int ACCOUNTS_OF_A_CLIENT = 1 + Inflow.LEGS;

    private SqlLedger() {}

    static void make(Statement owner, int clients) throws SQLException {
        for (String order : SCHEMA) {
            owner.execute(order);
        }
        owner.execute(
                "insert into account (id) select n from generate_series(0, " + clients * ACCOUNTS_OF_A_CLIENT + ") n");
    }

    /** A batch in one transaction. */
    static void post(Connection db, int client, boolean hot, List<Inflow> inflows) throws SQLException {
        try (PreparedStatement call = db.prepareStatement("select post_inflow(?, ?, ?, ?)")) {
            for (Inflow inflow : inflows) {
                Long[] accounts = new Long[ACCOUNTS_OF_A_CLIENT];
                Long[] units = new Long[ACCOUNTS_OF_A_CLIENT];
                for (int line = 0; line < ACCOUNTS_OF_A_CLIENT; line++) {
                    accounts[line] = 1L + (long) client * ACCOUNTS_OF_A_CLIENT + line;
                    units[line] = line == 0 ? inflow.units() : -inflow.leg(line - 1);
                }
                if (hot) {
                    accounts[0] = 0L;
                }
                Array its = db.createArrayOf("bigint", accounts);
                Array amounts = db.createArrayOf("bigint", units);
                call.setObject(
                        1,
                        new UUID(
                                inflow.id().getMostSignificantBits(),
                                inflow.id().getLeastSignificantBits()));
                call.setObject(2, inflow.day());
                call.setArray(3, its);
                call.setArray(4, amounts);
                call.execute();
            }
        }
        db.commit();
    }

    static void check(Statement ask, long inflows) throws SQLException {
        Machine.require(ask, "select count(*) from transfer", inflows);
        Machine.require(ask, "select coalesce(sum(units), 0)::bigint from account", 0);
        Machine.require(
                ask,
                "select count(*) from (select account, sum(units) as units from entry group by account) e"
                        + " join account a on a.id = e.account where a.units <> e.units",
                0);
    }
}
