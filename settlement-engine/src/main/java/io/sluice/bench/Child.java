package io.sluice.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Processes of the same program. */
final class Child {

    private Child() {}

    /** This JVM's Java and class path, with these options of its own and these arguments. */
    @SafeVarargs
    static ProcessBuilder java(List<String> options, List<String>... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Daxoniq.update-checker.disabled=true"));
        command.addAll(options);
        String classPath = System.getProperty("java.class.path");
        if (classPath.endsWith(".jar")
                && !classPath.contains(java.io.File.pathSeparator)
                && !classPath.contains("surefire")) {
            command.addAll(List.of("-jar", classPath));
        } else {
            command.addAll(List.of("-cp", classPath, "io.sluice.Sluice"));
        }
        for (List<String> some : arguments) {
            command.addAll(some);
        }
        return new ProcessBuilder(command);
    }
}
