package io.sluice.bench;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One kept-alive HTTP/1.1 connection that posts and reads the answer's status, and hardly anything else: whoever measures must not spend
 * what is measured. For one thread.
 */
final class Line implements AutoCloseable {

    private static final int CONNECT_MILLIS = 2_000;
    private static final int ANSWER_MILLIS = 30_000;
    private static final int LONGEST_LINE = 8_192;

    private final InetSocketAddress address;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    Line(URI server) {
        this.address = new InetSocketAddress(server.getHost(), server.getPort());
    }

    /** The answer's status. After an exception nobody knows whether the request had its effect; the next call connects anew. */
    int post(String path, Map<String, String> headers, byte[] body) throws IOException {
        try {
            Socket connected = connected();
            StringBuilder head = new StringBuilder(512)
                    .append("POST ")
                    .append(path)
                    .append(" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
            byte[] request = new byte[start.length + body.length];
            System.arraycopy(start, 0, request, 0, start.length);
            System.arraycopy(body, 0, request, start.length, body.length);
            connected.getOutputStream().write(request);
            return answer();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private Socket connected() throws IOException {
        if (socket == null) {
            Socket fresh = new Socket();
            fresh.setTcpNoDelay(true);
            fresh.setSoTimeout(ANSWER_MILLIS);
            try {
                fresh.connect(address, CONNECT_MILLIS);
            } catch (IOException e) {
                fresh.close();
                throw e;
            }
            socket = fresh;
            in = new BufferedInputStream(fresh.getInputStream());
        }
        return socket;
    }

    private int answer() throws IOException {
        String first = line();
        if (!first.startsWith("HTTP/1.1 ")) {
            throw new IOException("Expected an answer of HTTP/1.1, got " + first);
        }
        int length = 0;
        boolean chunked = false;
        boolean last = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            String value = header.substring(colon + 1).strip();
            switch (header.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = Integer.parseInt(value);
                case "transfer-encoding" -> chunked = true;
                case "connection" -> last = value.equalsIgnoreCase("close");
                default -> {}
            }
        }
        if (chunked) {
            for (int size = chunk(); size > 0; size = chunk()) {
                skip(size + 2);
            }
            line();
        } else {
            skip(length);
        }
        if (last) {
            close();
        }
        return Integer.parseInt(first.substring(9, 12));
    }

    private int chunk() throws IOException {
        return Integer.parseInt(line().strip(), 16);
    }

    private void skip(int bytes) throws IOException {
        if (in != null) {
            in.skipNBytes(bytes);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        while (in != null) {
            int c = in.read();
            if (c < 0 || line.length() > LONGEST_LINE) {
                throw new EOFException("The answer broke off");
            }
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        throw new EOFException("Not connected");
    }

    @Override
    public void close() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is of no use any more.
            }
            socket = null;
            in = null;
        }
    }
}
