package io.sluice;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The right to a demo's data folder, until it is closed or its process ends, however it ends. */
final class DemoLock implements AutoCloseable {

    private final FileChannel file;

    private DemoLock(FileChannel file) {
        this.file = file;
    }

    /** Throws {@link DemoParts.NotStarted} when another process has it. */
    static DemoLock on(Path dir) throws IOException {
        Files.createDirectories(dir);
        FileChannel file =
                FileChannel.open(dir.resolve("demo.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (file.tryLock() == null) {
            file.close();
            throw new DemoParts.NotStarted(
                    "Another demo runs on the data folder " + dir + ": end it, or choose another folder with --data.");
        }
        return new DemoLock(file);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
