package io.sluice.collection;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Hands {@code POST /hooks/{bank}} to {@link BankWebhooks} before every other filter and without Spring's dispatching: a bank is known by
 * its signature, so that nothing which knows people, sessions or media types has anything to add, and a delivery costs what verifying and
 * keeping it costs. Whatever else is asked for under this path goes the way of all requests and is refused there.
 */
final class DeliveriesFirst extends HttpFilter {

    private static final long serialVersionUID = 1L;

    /** A bank's name as settings can spell it; anything encoded or with parameters is no name. */
    private static final Pattern BANK = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final transient BankWebhooks webhooks;

    DeliveriesFirst(BankWebhooks webhooks) {
        this.webhooks = webhooks;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String uri = request.getRequestURI();
        if (request.getMethod().equals("POST") && uri.startsWith(BankWebhooks.PATH)) {
            String bank = uri.substring(BankWebhooks.PATH.length());
            if (BANK.matcher(bank).matches()) {
                webhooks.deliver(bank, request, response);
                return;
            }
        }
        chain.doFilter(request, response);
    }
}
