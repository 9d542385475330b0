package io.sluice.platform;

import java.util.concurrent.ThreadFactory;

/** Threads with a name that says whose they are. */
public final class Threads {

    private Threads() {}

    public static ThreadFactory named(String name) {
        return Thread.ofPlatform().name(name + "-", 0).daemon(true).factory();
    }
}
