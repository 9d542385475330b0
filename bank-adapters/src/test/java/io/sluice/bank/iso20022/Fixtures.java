package io.sluice.bank.iso20022;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** Messages written for these tests, one quirk each. */
final class Fixtures {

    private Fixtures() {}

    static byte[] bytes(String name) {
        try (InputStream in = Objects.requireNonNull(Fixtures.class.getResourceAsStream(name + ".xml"), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static CamtFile read(String name) {
        return new CamtReader().read(bytes(name));
    }

    static CamtReport report(String name) {
        return read(name).reports().getFirst();
    }

    static CamtEntry entry(String name) {
        return report(name).entries().getFirst();
    }
}
