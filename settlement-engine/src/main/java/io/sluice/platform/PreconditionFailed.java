package io.sluice.platform;

/** The caller's {@code If-Match} names another state than there is; nothing was done. */
public class PreconditionFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private PreconditionFailed(String message) {
        super(message);
    }

    /**
     * Holds a request to the state that its caller has seen.
     *
     * @param ifMatch the header: strong ETags, or {@code *} for any
     * @param current the ETag's text, without quotes
     */
    public static void unlessMatching(String ifMatch, String current) {
        for (String tag : ifMatch.split(",", -1)) {
            String text = tag.strip();
            if (text.equals("*") || text.equals('"' + current + '"')) {
                return;
            }
        }
        throw new PreconditionFailed("If-Match: found " + ifMatch + ", expected \"" + current + "\": read it again");
    }
}
