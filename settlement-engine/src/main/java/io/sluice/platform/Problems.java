package io.sluice.platform;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;

/** RFC 9457 problems: how their types are written, and those of filters, which no controller advice sees. */
final class Problems {

    private Problems() {}

    static URI type(String name) {
        return URI.create("urn:sluice:problem:" + name);
    }

    /** The name of what the framework refuses with this status, before anything of ours is asked. */
    static String refusal(int status) {
        return switch (status) {
            case 404 -> "no-such-path";
            case 405 -> "method-not-allowed";
            case 406 -> "not-acceptable";
            case 415 -> "media-type-unsupported";
            default -> "request-malformed";
        };
    }

    /** @param detail without quotes or line ends */
    static void write(HttpServletResponse response, int status, String type, String detail) throws IOException {
        response.setStatus(status);
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream()
                .write(("{\"type\":\"" + type(type) + "\",\"status\":" + status + ",\"detail\":\"" + detail + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }
}
