package io.sluice.banks;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.sluice.money.Money;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bank with honest books, and an API and deliveries of its own form. What it tells is what its books hold; how often, in which order and
 * whether at all is the test's choice.
 */
abstract class SimulatedBank implements AutoCloseable {

    /**
     * One line of the books.
     *
     * @param units signed minor units: money that went is below zero
     * @param undoes the movement that this one takes back
     */
    record Movement(
            String id,
            long units,
            String reference,
            @Nullable Movement undoes) {}

    final WireMockServer api = new WireMockServer(wireMockConfig().dynamicPort());
    final List<Movement> books = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String name;
    private final String account;
    private final String currency;
    private URI engine = URI.create("http://localhost:1");

    SimulatedBank(String name, String account, String currency) {
        this.name = name;
        this.account = account;
        this.currency = currency;
        api.start();
    }

    /** What the engine is told of this bank, as {@code --name=value}; keys are written into the folder. */
    abstract List<String> settings(Path dir) throws IOException;

    /** The books changed: what the API shows is brought up to date. */
    abstract void publish();

    /** Delivers what the bank says of a movement; again, it is the bank's own repeat of one event. Answers the engine's status. */
    abstract int tell(Movement movement) throws IOException;

    /** Announces a movement that is not booked yet; answers whether this bank does such a thing. */
    boolean announce(Movement movement) throws IOException {
        return false;
    }

    final Movement credit(long units, String reference) {
        return book(new Movement(name + "-" + (books.size() + 1), units, reference, null));
    }

    final Movement takeBack(Movement credit) {
        return book(new Movement(name + "-" + (books.size() + 1), -credit.units(), credit.reference(), credit));
    }

    /** Less than the credit. */
    final Movement takeBackPart(Movement credit, long units) {
        return book(new Movement(name + "-" + (books.size() + 1), -units, credit.reference(), credit));
    }

    private Movement book(Movement movement) {
        books.add(movement);
        publish();
        return movement;
    }

    final String name() {
        return name;
    }

    final String account() {
        return account;
    }

    final String currency() {
        return currency;
    }

    final void connect(String address) {
        engine = URI.create(address);
    }

    final BigDecimal amount(Movement movement) {
        return Money.decimalOf(Math.abs(movement.units()), currency);
    }

    final HttpResponse<byte[]> send(String body, Map<String, String> headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(engine.resolve("/hooks/" + name))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.UTF_8)));
        headers.forEach(request::header);
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }

    static Instant now() {
        return Instant.now();
    }

    @Override
    public final void close() {
        http.close();
        api.stop();
    }

    @Override
    public final String toString() {
        return name;
    }
}
