package io.sluice.banks;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
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
import java.time.Duration;
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

    /** What is wrong with a delivery. */
    enum Trouble {
        NONE,
        /** Changed by one byte after it was signed. */
        CHANGED,
        /** Signed and sent longer ago than we allow. */
        LATE,
        /** Another body under the id of the event, signed by the bank. */
        OTHER_CONTENT
    }

    /** The headers by which a bank signs bytes at a time. */
    interface Signer {
        Map<String, String> headers(Instant at, byte[] body);
    }

    final PaymentDesk desk;
    final WireMockServer api;
    private static final Duration TOO_LATE = Duration.ofSeconds(310);

    final List<Movement> books = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String name;
    private final String account;
    private final String currency;
    private Trouble trouble = Trouble.NONE;
    private URI engine = URI.create("http://localhost:1");

    SimulatedBank(String name, String account, String currency, PaymentDesk desk) {
        this.desk = desk;
        this.api = new WireMockServer(wireMockConfig().dynamicPort().extensions(desk));
        this.name = name;
        this.account = account;
        this.currency = currency;
        api.start();
    }

    /** What the engine is told of this bank, as {@code --name=value}; keys are written into the folder. */
    abstract List<String> settings(Path dir) throws IOException;

    /** Orders are taken, and asked about, at this path. */
    final void payAt(String path) {
        api.stubFor(any(urlPathEqualTo(path)).willReturn(aResponse().withTransformers(PaymentDesk.NAME)));
    }

    /** The books changed: what the API shows is brought up to date. */
    abstract void publish();

    /** Delivers what the bank says of a movement; again, it is the bank's own repeat of one event. Answers the engine's status. */
    abstract int tell(Movement movement) throws IOException;

    /** As {@link #tell}, with something wrong. */
    final synchronized int tell(Movement movement, Trouble with) throws IOException {
        trouble = with;
        try {
            return tell(movement);
        } finally {
            trouble = Trouble.NONE;
        }
    }

    /** An account of somebody else's, in this bank's form. */
    String payee(String whose) {
        return whose + "-" + name;
    }

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

    /** A credit that is to come: the bank may announce it, and lists it nowhere until it is booked. */
    final Movement expected(long units, String reference) {
        return new Movement(name + "-expected-" + units, units, reference, null);
    }

    /** The same movement, of another amount than it was announced with. */
    final Movement bookedOtherwise(Movement announced, long units) {
        return book(new Movement(announced.id(), units, announced.reference(), null));
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

    final HttpResponse<byte[]> send(String body, Signer signer) throws IOException {
        byte[] signed = bytes(trouble == Trouble.OTHER_CONTENT ? body.replaceFirst("\\{", "{\"other\":1,") : body);
        Instant at = trouble == Trouble.LATE ? now().minus(TOO_LATE) : now();
        HttpRequest.Builder request = HttpRequest.newBuilder(engine.resolve("/hooks/" + name))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(trouble == Trouble.CHANGED ? bytes(body + " ") : signed));
        signer.headers(at, signed).forEach(request::header);
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** On the wall: a signature is as old as the engine's system clock says. */
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
