package io.sluice.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** No body is larger than {@value #LARGEST} bytes, whether its length was announced or not: 413. */
final class BodyLimit extends OncePerRequestFilter {

    static final int LARGEST = 16 * 1024 * 1024;

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long announced = request.getContentLengthLong();
        if (announced > LARGEST) {
            refuse(response);
        } else if (announced >= 0) {
            chain.doFilter(request, response);
        } else {
            byte[] body = request.getInputStream().readNBytes(LARGEST + 1);
            if (body.length > LARGEST) {
                refuse(response);
            } else {
                chain.doFilter(new RepeatableRequest(request, body), response);
            }
        }
    }

    private static void refuse(HttpServletResponse response) throws IOException {
        Problems.write(response, 413, "body-too-large", "A body has at most " + LARGEST + " bytes.");
    }
}
