package io.sluice.console;

import io.sluice.console.Flow.Station;
import java.util.List;
import java.util.Locale;

/**
 * Where the stations of the flow stand in the picture, and the lines between them; in units of its view box. Every station is as tall as
 * the currencies need, so that all numbers of a currency can be compared.
 */
record FlowPicture(int width, int height, List<Node> nodes, List<Edge> edges, Rule rule) {

    private static final int NODE_WIDTH = 166;
    private static final int HEAD = 56;
    private static final int LINE = 19;
    private static final int FOOT = 8;
    private static final int BETWEEN = 20;
    private static final int COLUMN = 216;
    private static final int FIRST_LEG = 254;

    /** A station; {@code name} is also the key of its words. */
    record Node(String name, Station station, int x, int y, int width, int height) {

        public int middle() {
            return y + height / 2;
        }

        public int end() {
            return x + width;
        }
    }

    /** Money's way between two stations; it moves when {@code to} grows. */
    record Edge(String to, String path) {}

    /** The dot at which an inflow is divided. */
    record Rule(int x, int y) {}

    static FlowPicture of(Flow flow) {
        int height = HEAD + LINE * Math.max(1, flow.currencies().size()) + FOOT;
        int second = height + BETWEEN;
        int third = 2 * second;
        int upper = second / 2;
        Node received = new Node("received", flow.received(), 0, second, NODE_WIDTH, height);
        Node residual = node("residual", flow.residual(), 0, 0, height);
        Node fee = node("fee", flow.fee(), 0, second, height);
        Node royalty = node("royalty", flow.royalty(), 0, third, height);
        Node distributed = node("distributed", flow.distributed(), 1, third, height);
        Node byBank = node("byBank", flow.byBank(), 2, upper, height);
        Node onChain = node("onChain", flow.onChain(), 2, third, height);
        Node onStatement = node("onStatement", flow.onStatement(), 3, upper, height);
        Node inFinalBlock = node("inFinalBlock", flow.inFinalBlock(), 3, third, height);
        Rule rule = new Rule((received.end() + residual.x()) / 2, received.middle());
        List<Edge> edges = List.of(
                new Edge("received", curve(received.end(), received.middle(), rule.x(), rule.y())),
                new Edge("residual", curve(rule.x(), rule.y(), residual.x(), residual.middle())),
                new Edge("fee", curve(rule.x(), rule.y(), fee.x(), fee.middle())),
                new Edge("royalty", curve(rule.x(), rule.y(), royalty.x(), royalty.middle())),
                new Edge("distributed", curve(royalty.end(), royalty.middle(), distributed.x(), distributed.middle())),
                new Edge("byBank", curve(residual.end(), residual.middle(), byBank.x(), byBank.middle() - 16)),
                new Edge("byBank", curve(fee.end(), fee.middle(), byBank.x(), byBank.middle())),
                new Edge(
                        "byBank",
                        curve(distributed.end(), distributed.middle() - 12, byBank.x(), byBank.middle() + 16)),
                new Edge("onChain", curve(distributed.end(), distributed.middle(), onChain.x(), onChain.middle())),
                new Edge("onStatement", curve(byBank.end(), byBank.middle(), onStatement.x(), onStatement.middle())),
                new Edge(
                        "inFinalBlock",
                        curve(onChain.end(), onChain.middle(), inFinalBlock.x(), inFinalBlock.middle())));
        return new FlowPicture(
                onStatement.end(),
                third + height,
                List.of(received, residual, fee, royalty, distributed, byBank, onChain, onStatement, inFinalBlock),
                edges,
                rule);
    }

    private static Node node(String name, Station station, int column, int y, int height) {
        return new Node(name, station, FIRST_LEG + column * COLUMN, y, NODE_WIDTH, height);
    }

    private static String curve(int x1, int y1, int x2, int y2) {
        int bend = (x2 - x1) / 2;
        return String.format(Locale.ROOT, "M%d %d C%d %d %d %d %d %d", x1, y1, x1 + bend, y1, x2 - bend, y2, x2, y2);
    }
}
