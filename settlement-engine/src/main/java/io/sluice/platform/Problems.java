package io.sluice.platform;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;

/** RFC 9457 problems of filters, which no controller advice sees. */
final class Problems {

    private Problems() {}

    /** @param detail without quotes or line ends */
    static void write(HttpServletResponse response, int status, String type, String detail) throws IOException {
        response.setStatus(status);
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream()
                .write(("{\"type\":\"urn:sluice:problem:" + type + "\",\"status\":" + status + ",\"detail\":\"" + detail
                                + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }
}
