package io.sluice.platform;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;

/** What is said to people, in one language, by the keys of the message files. */
public final class Phrases {

    private final MessageSource messages;
    private final Locale language;

    public Phrases(MessageSource messages, Locale language) {
        this.messages = messages;
        this.language = language;
    }

    /** @param parts said as they are, with no digits grouped: they are exact */
    public String say(String key, @Nullable Object... parts) {
        return messages.getMessage(
                key, Arrays.stream(parts).map(String::valueOf).toArray(), language);
    }

    /**
     * A list of things, joined two by two.
     *
     * @param key of how two are joined
     * @param things at least one
     */
    public String join(String key, List<String> things) {
        return things.stream().reduce((before, last) -> say(key, before, last)).orElseThrow();
    }
}
