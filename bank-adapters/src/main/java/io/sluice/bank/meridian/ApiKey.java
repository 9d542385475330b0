package io.sluice.bank.meridian;

/** What we show the bank to be let in. It prints as dots and is compared with nothing. */
public final class ApiKey {

    private final String value;

    /** @throws IllegalArgumentException unless it is 1 to 512 visible ASCII characters; the message does not repeat it */
    public ApiKey(String value) {
        if (!value.matches("[!-~]{1,512}")) {
            throw new IllegalArgumentException("An API key is 1 to 512 visible ASCII characters");
        }
        this.value = value;
    }

    String authorization() {
        return "Bearer " + value;
    }

    @Override
    public String toString() {
        return "ApiKey[…]";
    }
}
