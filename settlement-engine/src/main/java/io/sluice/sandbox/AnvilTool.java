package io.sluice.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The anvil executable: what {@code SLUICE_ANVIL} names, else installed once by npm from the lock file that this jar carries, into
 * {@code ${SLUICE_HOME:-~/.sluice}/tools/<hash of the lock>}. No install script of a package runs.
 */
final class AnvilTool {

    private static final long INSTALL_MINUTES = 5;
    private static final int OLDEST_NODE = 20;

    private AnvilTool() {}

    /** Path of a native executable. Throws {@link SandboxFailure} with one sentence when there is none to be had. */
    static Path executable() {
        String override = System.getenv("SLUICE_ANVIL");
        if (override != null && !override.isBlank()) {
            Path path = Path.of(override).toAbsolutePath();
            if (!Files.isExecutable(path)) {
                throw new SandboxFailure("SLUICE_ANVIL names " + path + ", which is not an executable file.");
            }
            return path;
        }
        byte[] lock = resource("package-lock.json");
        Path tools = SluiceHome.folder("tools");
        Path installed = tools.resolve(sha256(lock).substring(0, 16));
        return find(installed).orElseGet(() -> install(tools, installed));
    }

    private static Path install(Path tools, Path installed) {
        try (FileChannel channel = FileChannel.open(
                        tools.resolve("install.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            Optional<Path> meanwhile = find(installed);
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            requireNode();
            Path half = Files.createTempDirectory(tools, "half-");
            Files.write(half.resolve("package.json"), resource("package.json"));
            Files.write(half.resolve("package-lock.json"), resource("package-lock.json"));
            run(half, List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
            delete(installed);
            Files.move(half, installed);
            return find(installed)
                    .orElseThrow(
                            () -> new SandboxFailure("npm installed no anvil for this platform; install Foundry's anvil"
                                    + " 1.7.1 yourself and name it in SLUICE_ANVIL."));
        } catch (IOException e) {
            throw new UncheckedIOException("The tools folder " + tools + " cannot be used", e);
        }
    }

    /** The native binary, not the script of npm: ending the process must end anvil. */
    private static Optional<Path> find(Path installed) {
        Path packages = installed.resolve("node_modules/@foundry-rs");
        if (!Files.isDirectory(packages)) {
            return Optional.empty();
        }
        try (Stream<Path> platforms = Files.list(packages)) {
            return platforms
                    .map(platform -> platform.resolve("bin/anvil"))
                    .filter(Files::isRegularFile)
                    .peek(binary -> binary.toFile().setExecutable(true))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireNode() {
        String version = answer("node", "--version");
        if (version == null || answer("npm", "--version") == null) {
            throw new SandboxFailure("The local chain needs Node " + OLDEST_NODE
                    + " or newer with npm on the PATH (or SLUICE_ANVIL" + " naming an anvil 1.7.1 executable); "
                    + (version == null ? "no node was" : "no npm was") + " found.");
        }
        int major = Integer.parseInt(version.replaceFirst("^v?(\\d+).*$", "$1"));
        if (major < OLDEST_NODE) {
            throw new SandboxFailure("The local chain needs Node " + OLDEST_NODE + " or newer, found " + version + ".");
        }
    }

    private static @Nullable String answer(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .strip();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0 ? text : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static void run(Path folder, List<String> command) throws IOException {
        Path log = folder.resolve("install.log");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(INSTALL_MINUTES, TimeUnit.MINUTES)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new SandboxFailure(
                        "npm did not install anvil within " + INSTALL_MINUTES + " minutes; see " + log + ".");
            }
            if (process.exitValue() != 0) {
                throw new SandboxFailure(
                        "npm could not install anvil (is the npm registry reachable?); see " + log + ".");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new SandboxFailure("The installation of anvil was interrupted.");
        }
    }

    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static byte[] resource(String name) {
        try (InputStream in = AnvilTool.class.getResourceAsStream("/sandbox/anvil/" + name)) {
            if (in == null) {
                throw new IllegalStateException("The class path has no sandbox/anvil/" + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
