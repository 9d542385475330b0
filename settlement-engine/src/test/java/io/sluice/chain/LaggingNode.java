package io.sluice.chain;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A node behind the chain's: it answers truthfully, and knows the last few blocks not yet. */
final class LaggingNode implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final TestChain chain;
    private final HttpServer server;
    private volatile int lag;

    LaggingNode(TestChain chain) {
        this.chain = chain;
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void lag(int blocks) {
        lag = blocks;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            ObjectNode request =
                    (ObjectNode) JSON.readTree(exchange.getRequestBody().readAllBytes());
            long newest = chain.height() - lag;
            ArrayNode params = (ArrayNode) request.get("params");
            for (int i = 0; i < params.size(); i++) {
                String text = params.get(i).isString() ? params.get(i).asString() : "";
                if (text.equals("latest")) {
                    params.set(i, JSON.valueToTree(hex(newest)));
                } else if (text.equals("finalized")) {
                    params.set(i, JSON.valueToTree(hex(Math.max(0, newest - 2))));
                }
            }
            ObjectNode answer = chain.raw(request);
            if (beyond(answer.path("result"), newest)) {
                answer.putNull("result");
            }
            byte[] body = JSON.writeValueAsBytes(answer);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** A block, or a receipt in a block, that this node does not know yet. */
    private static boolean beyond(JsonNode result, long newest) {
        JsonNode number = result.has("blockNumber") ? result.get("blockNumber") : result.path("number");
        return number.isString() && TestChain.quantity(number).longValueExact() > newest;
    }

    private static String hex(long number) {
        return "0x" + Long.toHexString(number);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
