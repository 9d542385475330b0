package io.sluice.bank.iso20022;

/**
 * How much a message may ask of us before it is refused.
 *
 * @param bytes of the whole file
 * @param depth of nested elements
 * @param textLength characters of one element's text or one attribute's value
 * @param branchElements elements below one entry, one of its transactions or one element of a report's header
 */
public record CamtLimits(long bytes, int depth, int textLength, int branchElements) {

    public static final CamtLimits DEFAULT = new CamtLimits(256L * 1024 * 1024, 64, 64 * 1024, 20_000);

    public CamtLimits {
        if (bytes < 1 || depth < 1 || textLength < 1 || branchElements < 1) {
            throw new IllegalArgumentException("Limits must be positive, were " + bytes + " bytes, depth " + depth
                    + ", text length " + textLength + ", " + branchElements + " elements");
        }
    }
}
