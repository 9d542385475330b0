package io.sluice.console;

import io.sluice.routing.Destination;
import io.sluice.routing.SimulationResult.Line;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * From which accounts to whom a version's money goes, each way as wide as its part of the whole; in units of its view box. What a reserve
 * gave up altogether has no width, and is left to the table.
 *
 * @param accounts on the left
 * @param parties on the right, in the waterfall's order
 */
record SimulationPicture(int width, int height, List<Node> accounts, List<Node> parties, List<Way> ways) {

    private static final int WIDTH = 600;
    private static final int BAR = 12;
    private static final int LEFT = 150;
    private static final int RIGHT = 390;
    private static final int MONEY = 220;
    private static final int WORDS = 42;
    private static final int MOST_ACCOUNTS = 6;
    private static final int MOST_PARTIES = 9;
    private static final String OTHERS = "";

    /**
     * @param name an account, masked, or a party; empty for all that there is no room for
     * @param key the destination's, as style sheets write it
     * @param count how many stand behind it
     */
    record Node(String name, String key, Amount amount, int count, int x, int y, int height) {

        public boolean others() {
            return name.isEmpty();
        }

        /** The destination as rules write it. */
        public String destination() {
            return key.replace('-', '.').replace("returns.reserve", "returns-reserve");
        }
    }

    /** Where some of an account's money goes. */
    record Way(String key, String path) {}

    private record Party(String name, Destination to) {}

    private record Flow(String account, Party party, BigInteger units) {}

    /** @param units of a line by the version that is shown */
    static SimulationPicture of(List<Line> lines, Function<Line, BigInteger> units, String currency) {
        List<Flow> flows = lines.stream()
                .filter(line -> units.apply(line).signum() > 0)
                .map(line -> new Flow(line.account(), new Party(line.party(), line.to()), units.apply(line)))
                .toList();
        BigInteger whole = flows.stream().map(Flow::units).reduce(BigInteger.ZERO, BigInteger::add);
        List<String> accounts = largest(flows, Flow::account, MOST_ACCOUNTS);
        List<Party> parties = largest(flows, Flow::party, MOST_PARTIES);
        Map<String, List<Flow>> byAccount = flows.stream()
                .collect(Collectors.groupingBy(
                        flow -> accounts.contains(flow.account()) ? flow.account() : OTHERS,
                        LinkedHashMap::new,
                        Collectors.toList()));
        Map<Party, List<Flow>> byParty = flows.stream()
                .sorted(Comparator.comparing((Flow flow) -> flow.party().to()))
                .collect(Collectors.groupingBy(
                        flow -> parties.contains(flow.party())
                                ? flow.party()
                                : new Party(OTHERS, flow.party().to()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        Map<String, Node> left = new LinkedHashMap<>();
        int y = 0;
        for (Map.Entry<String, List<Flow>> one : byAccount.entrySet()) {
            int height = height(sum(one.getValue()), whole);
            long count = one.getValue().stream().map(Flow::account).distinct().count();
            left.put(
                    one.getKey(),
                    new Node(
                            SimulationPageController.masked(one.getKey()),
                            "account",
                            new Amount(currency, sum(one.getValue())),
                            (int) count,
                            LEFT,
                            y,
                            height));
            y += Math.max(height + 10, WORDS);
        }
        int leftEnd = y;
        Map<Party, Node> right = new LinkedHashMap<>();
        y = 0;
        for (Map.Entry<Party, List<Flow>> one : byParty.entrySet()) {
            int height = height(sum(one.getValue()), whole);
            long count = one.getValue().stream().map(Flow::party).distinct().count();
            right.put(
                    one.getKey(),
                    new Node(
                            one.getKey().name(),
                            one.getKey().to().text().replace('.', '-'),
                            new Amount(currency, sum(one.getValue())),
                            (int) count,
                            RIGHT,
                            y,
                            height));
            y += Math.max(height + 10, WORDS);
        }
        return new SimulationPicture(
                WIDTH,
                Math.max(leftEnd, y),
                List.copyOf(left.values()),
                List.copyOf(right.values()),
                ways(byAccount, left, right, whole));
    }

    private static List<Way> ways(
            Map<String, List<Flow>> byAccount, Map<String, Node> left, Map<Party, Node> right, BigInteger whole) {
        List<Way> ways = new ArrayList<>();
        Map<Party, BigInteger> entered = new LinkedHashMap<>();
        byAccount.forEach((account, flows) -> {
            BigInteger gone = BigInteger.ZERO;
            Node from = left.get(account);
            for (Map.Entry<Party, Node> to : right.entrySet()) {
                BigInteger units = sum(flows.stream()
                        .filter(flow -> to.getKey().equals(flow.party())
                                || (to.getKey().name().isEmpty()
                                        && flow.party().to() == to.getKey().to()
                                        && !right.containsKey(flow.party())))
                        .toList());
                if (units.signum() > 0 && from != null) {
                    BigInteger before = entered.getOrDefault(to.getKey(), BigInteger.ZERO);
                    ways.add(new Way(
                            to.getValue().key(),
                            ribbon(
                                    from.y() + part(gone, whole),
                                    to.getValue().y() + part(before, whole),
                                    Math.max(1, part(units, whole)))));
                    gone = gone.add(units);
                    entered.put(to.getKey(), before.add(units));
                }
            }
        });
        return ways;
    }

    /** The largest few, or all where they fit. */
    private static <K> List<K> largest(List<Flow> flows, Function<Flow, K> key, int most) {
        Map<K, BigInteger> sums = new LinkedHashMap<>();
        flows.forEach(flow -> sums.merge(key.apply(flow), flow.units(), BigInteger::add));
        return sums.entrySet().stream()
                .sorted(Map.Entry.<K, BigInteger>comparingByValue().reversed())
                .limit(sums.size() <= most ? most : most - 1)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static BigInteger sum(List<Flow> flows) {
        return flows.stream().map(Flow::units).reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static int height(BigInteger units, BigInteger whole) {
        return Math.max(2, part(units, whole));
    }

    private static int part(BigInteger units, BigInteger whole) {
        return whole.signum() == 0
                ? 0
                : units.multiply(BigInteger.valueOf(MONEY)).divide(whole).intValueExact();
    }

    private static String ribbon(int y1, int y2, int height) {
        int x1 = LEFT + BAR;
        int x2 = RIGHT;
        int middle = (x1 + x2) / 2;
        return String.format(
                Locale.ROOT,
                "M%d %d C%d %d %d %d %d %d v%d C%d %d %d %d %d %d Z",
                x1,
                y1,
                middle,
                y1,
                middle,
                y2,
                x2,
                y2,
                height,
                middle,
                y2 + height,
                middle,
                y1 + height,
                x1,
                y1 + height);
    }
}
