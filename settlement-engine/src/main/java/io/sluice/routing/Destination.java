package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Where a leg goes, as a rule document writes it. */
public enum Destination {
    PLATFORM_FEES("fees.platform"),
    ROYALTY_POOL("royalty.pool"),
    MERCHANT_RESIDUAL("merchant.residual");

    private final String text;

    Destination(String text) {
        this.text = text;
    }

    @JsonCreator
    /** @throws IllegalArgumentException when no destination is written so */
    public static Destination parse(String text) {
        for (Destination destination : values()) {
            if (destination.text.equals(text)) {
                return destination;
            }
        }
        throw new IllegalArgumentException(
                "A destination is fees.platform, royalty.pool or merchant.residual, was \"" + text + "\"");
    }

    @JsonValue
    public String text() {
        return text;
    }
}
