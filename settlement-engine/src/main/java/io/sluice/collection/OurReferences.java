package io.sluice.collection;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How an end-to-end reference of ours looks: {@code SL}, letters for the series, and 128 bits in base 32 without padding. */
public final class OurReferences {

    private static final Pattern OURS = Pattern.compile("SL[A-Z]{1,4}[A-Z2-7]{26}");

    private OurReferences() {}

    public static boolean isOurs(@Nullable String endToEndId) {
        return endToEndId != null && OURS.matcher(endToEndId).matches();
    }
}
