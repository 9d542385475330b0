package io.sluice;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine;

/** {@code ./sluice rebuild} on a sandbox's books, as a person runs it. */
public final class Rebuilding {

    /** What it answered. */
    public record Answer(int exit, String out, String err) {}

    private Rebuilding() {}

    /** @param dir the one that a {@link TestEngine} was started in; it is closed */
    public static Answer rebuild(Path dir, String... options) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] arguments = Stream.concat(
                        Stream.of("--data", dir.resolve("sandbox").toString()), Stream.of(options))
                .toArray(String[]::new);
        int exit = new CommandLine(new RebuildCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Answer(exit, out.toString(), err.toString());
    }
}
