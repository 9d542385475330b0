package io.sluice.platform;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * What a machine is told that asks for what is not there: 404 for a path, 405 for a method, 415 and 406 for a media type, each as a
 * problem. Nobody may call an unknown path, so that security asks here before it says who may.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class ApiRoutes implements HandlerExceptionResolver {

    private final org.springframework.beans.factory.ObjectProvider<RequestMappingHandlerMapping> routes;

    ApiRoutes(
            @Qualifier("requestMappingHandlerMapping")
                    org.springframework.beans.factory.ObjectProvider<RequestMappingHandlerMapping> routes) {
        this.routes = routes;
    }

    /** Answers that there is no such route; false, with nothing written, when there is one. */
    boolean refused(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!isMachines(request)) {
            return false;
        }
        try {
            if (!ServletRequestPathUtils.hasParsedRequestPath(request)) {
                ServletRequestPathUtils.parseAndCache(request);
            }
            if (routes.getObject().getHandler(request) == null) {
                write(response, 404);
                return true;
            }
            return false;
        } catch (HttpRequestMethodNotSupportedException e) {
            allow(response, e);
            write(response, 405);
            return true;
        } catch (Exception otherwiseWrong) { // its media type: there is such a route, and who may call it is said first
            return false;
        }
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception e) {
        if (handler instanceof HandlerMethod || !isMachines(request) || !(e instanceof ErrorResponse refusal)) {
            return null;
        }
        try {
            if (e instanceof HttpRequestMethodNotSupportedException method) {
                allow(response, method);
            }
            write(response, refusal.getStatusCode().value());
            return new ModelAndView();
        } catch (IOException gone) {
            return null;
        }
    }

    private static void allow(HttpServletResponse response, HttpRequestMethodNotSupportedException e) {
        Set<?> methods = e.getSupportedHttpMethods();
        if (methods != null) {
            response.setHeader(
                    "Allow",
                    String.join(
                            ", ",
                            methods.stream().map(Object::toString).sorted().toList()));
        }
    }

    private static void write(HttpServletResponse response, int status) throws IOException {
        HttpStatus known = HttpStatus.resolve(status);
        String detail = switch (status) {
            case 404 -> "There is nothing at this path.";
            case 405 -> "This path has other methods: see Allow.";
            case 406 -> "Answers are JSON; Accept asks for something else.";
            case 415 -> "This path takes another Content-Type.";
            default -> known == null ? "The request cannot be served." : known.getReasonPhrase() + ".";
        };
        Problems.write(response, status, Problems.refusal(status), detail);
    }

    private static boolean isMachines(HttpServletRequest request) {
        String path = request.getRequestURI();
        return path.startsWith("/api/") || path.equals("/api") || path.startsWith("/hooks/") || path.equals("/hooks");
    }
}
