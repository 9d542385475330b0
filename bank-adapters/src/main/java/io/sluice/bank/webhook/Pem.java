package io.sluice.bank.webhook;

import java.util.Base64;

/** Keys as text between two lines that name their form. */
final class Pem {

    private Pem() {}

    /** @throws IllegalArgumentException when the text is not one block of this form; the message does not repeat it */
    static byte[] read(String pem, String form) {
        String begin = "-----BEGIN " + form + "-----";
        String end = "-----END " + form + "-----";
        String text = pem.strip();
        if (!text.startsWith(begin) || !text.endsWith(end) || text.length() < begin.length() + end.length()) {
            throw new IllegalArgumentException("Expected PEM that begins with " + begin);
        }
        try {
            return Base64.getDecoder()
                    .decode(text.substring(begin.length(), text.length() - end.length())
                            .replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Expected base64 after " + begin);
        }
    }
}
