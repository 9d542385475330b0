package io.sluice.bank.wire;

/** What we show the bank to be let in. It prints as dots and is compared with nothing. */
public final class ApiKey {

    private final String value;

    /** @throws IllegalArgumentException unless it is 1 to 4096 visible ASCII characters; the message does not repeat it */
    public ApiKey(String value) {
        if (!value.matches("[!-~]{1,4096}")) {
            throw new IllegalArgumentException("An API key is 1 to 4096 visible ASCII characters");
        }
        this.value = value;
    }

    /** The value of the header Authorization. */
    public String authorization() {
        return "Bearer " + value;
    }

    @Override
    public String toString() {
        return "ApiKey[…]";
    }
}
