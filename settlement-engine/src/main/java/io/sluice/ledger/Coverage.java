package io.sluice.ledger;

import io.sluice.ledger.Balances.Balance;
import io.sluice.money.Money;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Whether what holders are owed is there, per agreement and currency: payable, held, blocked, unclaimed, pool, dust, returns reserve and
 * tax of holders on one side; trust account, treasury, distributor contract and what is in transit to and from these on the other (DOMAIN,
 * D-I6). What is withheld from a merchant, or is another rights holder's, lies on collection accounts and is not in here.
 */
@Component
public class Coverage {

    /**
     * One agreement in one currency.
     *
     * @param agreementId {@code -} for what is on a trust account that several agreements share, and is none's yet
     * @param owed accounts and what they owe; positive
     * @param held accounts and what they hold; negative for what leaves by an instruction that is not booked yet
     * @param difference held less owed: zero; less than zero is a shortfall, more is what is nobody's yet
     */
    public record Covered(
            String agreementId,
            String currency,
            List<Part> owed,
            List<Part> held,
            Money owedInAll,
            Money heldInAll,
            Money difference) {

        public boolean fallsShort() {
            return difference.units().signum() < 0;
        }
    }

    /** An account's part of a side. */
    public record Part(String account, Money amount) {}

    private record Of(String agreementId, String currency) implements Comparable<Of> {

        private static final Comparator<Of> ORDER =
                Comparator.comparing(Of::agreementId).thenComparing(Of::currency);

        @Override
        public int compareTo(Of other) {
            return ORDER.compare(this, other);
        }
    }

    private final JdbcClient db;
    private final Balances balances;

    Coverage(JdbcClient db, Balances balances) {
        this.db = db;
        this.balances = balances;
    }

    /** In order of agreement and currency; those where both sides are zero included. */
    public List<Covered> now() {
        Map<String, String> trusts = trusts();
        Map<Of, List<Balance>> byAgreement = balances.all().stream()
                .filter(balance -> isOwed(balance) || isHeld(balance, trusts))
                .collect(Collectors.groupingBy(
                        balance -> new Of(agreementOf(balance, trusts), balance.currency()),
                        TreeMap::new,
                        Collectors.toList()));
        List<Covered> covered = new ArrayList<>();
        byAgreement.forEach((of, its) -> covered.add(covered(of, its)));
        return covered;
    }

    private static Covered covered(Of of, List<Balance> balances) {
        List<Part> owed = parts(balances, of.currency(), true);
        List<Part> held = parts(balances, of.currency(), false);
        BigInteger owes = sum(owed);
        BigInteger has = sum(held);
        return new Covered(
                of.agreementId(),
                of.currency(),
                owed,
                held,
                Money.of(owes, of.currency()),
                Money.of(has, of.currency()),
                Money.of(has.subtract(owes), of.currency()));
    }

    private static List<Part> parts(List<Balance> balances, String currency, boolean owed) {
        Map<String, BigInteger> byAccount = new TreeMap<>();
        balances.stream()
                .filter(balance -> isOwed(balance) == owed)
                .forEach(balance -> byAccount.merge(
                        balance.account(), owed ? balance.units().negate() : balance.units(), BigInteger::add));
        return byAccount.entrySet().stream()
                .filter(part -> part.getValue().signum() != 0)
                .map(part -> new Part(part.getKey(), Money.of(part.getValue(), currency)))
                .toList();
    }

    private static BigInteger sum(List<Part> parts) {
        return parts.stream().map(part -> part.amount().units()).reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static boolean isOwed(Balance balance) {
        String account = balance.account();
        return account.startsWith("holder.")
                || account.startsWith("tax.withheld/")
                || account.equals(Chart.POOL)
                || account.equals(Chart.DUST)
                || account.equals(Chart.RETURNS_RESERVE);
    }

    private static boolean isHeld(Balance balance, Map<String, String> trusts) {
        String account = balance.account();
        return account.startsWith("bank.royalty-trust/")
                || account.startsWith("stable.")
                || account.equals(Chart.IN_TRANSIT_SWEEP)
                || account.equals(Chart.IN_TRANSIT_CHAIN)
                || (account.startsWith("in-transit.bank/") && trusts.containsKey(bankAccount(account)));
    }

    /** What a trust account received for no agreement yet is of the agreement whose account it is. */
    private static String agreementOf(Balance balance, Map<String, String> trusts) {
        return balance.agreementId().equals(Lines.NO_AGREEMENT)
                ? trusts.getOrDefault(bankAccount(balance.account()), Lines.NO_AGREEMENT)
                : balance.agreementId();
    }

    private static String bankAccount(String account) {
        return account.substring(account.indexOf('/') + 1);
    }

    /** The trust accounts, with the agreement that each is of; none where several share it. */
    private Map<String, String> trusts() {
        Map<String, String> trusts = new TreeMap<>();
        db.sql("select b.account, case when count(a.agreement_id) = 1 then min(a.agreement_id) else '-' end"
                        + " from bank_account b left join agreement a on a.trust_account = b.account"
                        + " where b.kind = 'TRUST' group by b.account")
                .query(row -> {
                    trusts.put(row.getString(1), row.getString(2));
                });
        return trusts;
    }
}
