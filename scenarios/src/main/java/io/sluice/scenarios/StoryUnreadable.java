package io.sluice.scenarios;

import java.nio.file.Path;

/** The page is not a story that the runner can play: says where and why. Nothing was played, or nothing after that place. */
public final class StoryUnreadable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StoryUnreadable(Path file, int line, String reason) {
        super(file.getFileName() + ":" + line + ": " + reason);
    }
}
