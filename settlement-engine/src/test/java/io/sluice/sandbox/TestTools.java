package io.sluice.sandbox;

import java.nio.file.Path;

/** Lends the sandbox's tools to tests of other packages. */
public final class TestTools {

    private TestTools() {}

    /** The anvil executable, installed when it is not there. */
    public static Path anvil() {
        return AnvilTool.executable();
    }
}
