package io.sluice.platform;

import static io.sluice.platform.Roles.APPROVER;
import static io.sluice.platform.Roles.AUDITOR;
import static io.sluice.platform.Roles.INSIDE;
import static io.sluice.platform.Roles.ONBOARDING;
import static io.sluice.platform.Roles.RULE_ADMIN;
import static io.sluice.platform.Roles.TREASURY_OPERATOR;
import static io.sluice.platform.Roles.TRUSTEE;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.authentication.configuration.AuthenticationConfiguration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.ExceptionHandlingConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Deny by default: a route that stands in none of these lists is refused to everybody, and a test walks every route to see that it stands
 * in one. Banks are known by their signatures, the API by tokens, the console by a login with CSRF protection.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SecuritySettings.class)
class SecurityConfiguration {

    private static final String CSP =
            "default-src 'self'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none';"
                    + " base-uri 'none'; form-action 'self'";

    @Bean
    PasswordEncoder passwordEncoder() {
        return new BCryptPasswordEncoder();
    }

    @Bean
    AuthenticationManager authenticationManager(AuthenticationConfiguration configuration) throws Exception {
        return configuration.getAuthenticationManager();
    }

    /** Requests are observed as a whole; an observation around every filter as well tells nobody anything. */
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    /** Where banks deliver: known by their signatures, so that none of the filters that know people stands in the way. */
    @Bean
    @Order(0)
    SecurityFilterChain deliveries(HttpSecurity http, ApiRoutes routing) throws Exception {
        http.securityMatcher("/hooks/**")
                .csrf(csrf -> csrf.disable())
                .exceptionHandling(e -> refusals(e, routing))
                .logout(logout -> logout.disable())
                .requestCache(cache -> cache.disable())
                .sessionManagement(session -> session.disable())
                .securityContext(context -> context.disable())
                .servletApi(api -> api.disable())
                .authorizeHttpRequests(routes -> routes.requestMatchers(HttpMethod.POST, "/hooks/*")
                        .permitAll()
                        .anyRequest()
                        .denyAll());
        return headers(http).build();
    }

    /** What machines call: no session, no cookie, no CSRF. */
    @Bean
    @Order(1)
    SecurityFilterChain machines(
            HttpSecurity http,
            ApiTokens tokens,
            Users users,
            SecuritySettings settings,
            JdbcClient db,
            ApiRoutes routing)
            throws Exception {
        http.securityMatcher("/api/**", "/actuator/**")
                .csrf(csrf -> csrf.disable())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(cache -> cache.disable())
                .exceptionHandling(e -> refusals(e, routing))
                .addFilterBefore(new BearerTokens(tokens, users), UsernamePasswordAuthenticationFilter.class)
                // After authorization: who may not call leaves no key.
                .addFilterAfter(new BodyLimit(), AuthorizationFilter.class)
                .addFilterAfter(new IdempotentRequests(db), BodyLimit.class)
                .authorizeHttpRequests(routes -> routes.requestMatchers(HttpMethod.POST, "/api/v1/tokens")
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, "/actuator/health", "/actuator/health/*")
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, "/api/v1/overview")
                        .access(overview(settings))
                        .requestMatchers(HttpMethod.GET, "/actuator/prometheus")
                        .hasAnyRole(INSIDE)
                        .requestMatchers(
                                HttpMethod.POST,
                                "/api/v1/accounts",
                                "/api/v1/holders",
                                "/api/v1/agreements",
                                "/api/v1/agreements/*/holdings",
                                "/api/v1/parties",
                                "/api/v1/accounts/*/classification/versions")
                        .hasRole(ONBOARDING)
                        .requestMatchers(
                                HttpMethod.POST, "/api/v1/agreements/*/rules", "/api/v1/agreements/*/restatements")
                        .hasRole(RULE_ADMIN)
                        .requestMatchers(HttpMethod.POST, "/api/v1/agreements/*/simulations")
                        .hasAnyRole(RULE_ADMIN, APPROVER, AUDITOR, TREASURY_OPERATOR)
                        .requestMatchers(HttpMethod.POST, "/api/v1/agreements/*/holds")
                        .hasAnyRole(TREASURY_OPERATOR, APPROVER, RULE_ADMIN, TRUSTEE)
                        .requestMatchers(HttpMethod.POST, "/api/v1/restatements/*/consents")
                        .hasRole(TRUSTEE)
                        .requestMatchers(HttpMethod.POST, "/api/v1/mandates")
                        .hasRole(TREASURY_OPERATOR)
                        .requestMatchers(HttpMethod.POST, "/api/v1/work/*/approvals")
                        .hasRole(APPROVER)
                        .requestMatchers(HttpMethod.POST, "/api/v1/work/*/declinations")
                        .hasAnyRole(INSIDE)
                        .requestMatchers(
                                HttpMethod.POST,
                                "/api/v1/work/*/dismissals",
                                "/api/v1/deliveries/*/replays",
                                "/api/v1/suspense/*/assignments",
                                "/api/v1/suspense/*/returns",
                                "/api/v1/statements",
                                "/api/v1/breaks/*/resolutions",
                                "/api/v1/returned-payouts/*/payments",
                                "/api/v1/agreements/*/holds/releases",
                                "/api/v1/agreements/*/run-offs",
                                "/api/v1/agreements/*/releases",
                                "/api/v1/agreements/*/closures",
                                "/api/v1/value-dates/*/choices",
                                "/api/v1/ledger/periods",
                                "/api/v1/ledger/journals",
                                "/api/v1/stores/*/settlement-reports",
                                "/api/v1/stores/*/settlement-report-files")
                        .hasRole(TREASURY_OPERATOR)
                        .requestMatchers(HttpMethod.PUT, "/api/v1/agreements/*/triggers/*")
                        .hasRole(TREASURY_OPERATOR)
                        .requestMatchers(HttpMethod.GET, "/api/v1/deliveries/*/body", "/api/v1/deliveries/*/report")
                        .hasAnyRole(TREASURY_OPERATOR, AUDITOR)
                        .requestMatchers(HttpMethod.GET, "/api/v1/ledger/journals/*/document")
                        .hasAnyRole(TREASURY_OPERATOR, APPROVER, AUDITOR)
                        .requestMatchers(
                                HttpMethod.GET,
                                "/api/v1/work",
                                "/api/v1/agreements",
                                "/api/v1/agreements/*/rules",
                                "/api/v1/agreements/*/rules/*",
                                "/api/v1/agreements/*/triggers",
                                "/api/v1/agreements/*/restatements",
                                "/api/v1/restatements/*",
                                "/api/v1/agreements/*/simulations",
                                "/api/v1/simulations/*",
                                "/api/v1/openapi.json",
                                "/api/v1/breaks",
                                "/api/v1/returned-payouts",
                                "/api/v1/deliveries",
                                "/api/v1/suspense",
                                "/api/v1/value-dates",
                                "/api/v1/announcements",
                                "/api/v1/deliveries/*",
                                "/api/v1/accounts/*/classification",
                                "/api/v1/accounts/*/classification/versions",
                                "/api/v1/ledger/*",
                                "/api/v1/ledger/journals/*",
                                "/api/v1/settlement-reports/awaited",
                                "/api/v1/legs/*/explanation")
                        .hasAnyRole(INSIDE)
                        .anyRequest()
                        .denyAll());
        return headers(http).build();
    }

    /** What people look at. */
    @Bean
    @Order(2)
    SecurityFilterChain people(HttpSecurity http, SecuritySettings settings) throws Exception {
        http.authorizeHttpRequests(routes -> routes.requestMatchers(
                                "/login", "/error", "/favicon.svg", "/assets/**", "/webjars/**")
                        .permitAll()
                        .requestMatchers(HttpMethod.GET, "/console/deliveries/*/body", "/console/deliveries/*/report")
                        .hasAnyRole(TREASURY_OPERATOR, AUDITOR)
                        .requestMatchers(
                                HttpMethod.GET,
                                "/console/inflows/*",
                                "/console/reports",
                                "/console/restatements/*",
                                "/console/rules/*/simulation")
                        .hasAnyRole(INSIDE)
                        .requestMatchers(
                                HttpMethod.POST,
                                "/console/work/*/dismissals",
                                "/console/deliveries/*/replays",
                                "/console/intake/*/replays",
                                "/console/suspense/*/assignments",
                                "/console/suspense/*/returns",
                                "/console/statements",
                                "/console/reports",
                                "/console/breaks/*/resolutions",
                                "/console/returned-payouts/*/payments",
                                "/console/agreements/*/holds/releases",
                                "/console/value-dates/*/choices")
                        .hasRole(TREASURY_OPERATOR)
                        .requestMatchers(HttpMethod.POST, "/console/rules/*/simulations")
                        .hasAnyRole(RULE_ADMIN, APPROVER, AUDITOR, TREASURY_OPERATOR)
                        .requestMatchers(HttpMethod.POST, "/console/agreements/holds")
                        .hasAnyRole(TREASURY_OPERATOR, APPROVER, RULE_ADMIN, TRUSTEE)
                        .requestMatchers(HttpMethod.POST, "/console/restatements/*/consents")
                        .hasRole(TRUSTEE)
                        .requestMatchers(HttpMethod.GET, "/", "/console/**")
                        .access(overview(settings))
                        .requestMatchers(HttpMethod.POST, "/console/work/*/approvals")
                        .hasRole(APPROVER)
                        .requestMatchers(HttpMethod.POST, "/console/work/*/declinations")
                        .hasAnyRole(INSIDE)
                        .requestMatchers(HttpMethod.POST, "/logout")
                        .authenticated()
                        .anyRequest()
                        .denyAll())
                .formLogin(login -> login.loginPage("/login").defaultSuccessUrl("/", true))
                .logout(logout -> logout.logoutSuccessUrl("/"));
        return headers(http).build();
    }

    private static void refusals(ExceptionHandlingConfigurer<HttpSecurity> handling, ApiRoutes routing) {
        handling.authenticationEntryPoint((request, response, failure) -> {
                    if (!routing.refused(request, response)) {
                        Problems.write(
                                response, 401, "token-missing", "This needs a valid token: Authorization: Bearer …");
                    }
                })
                .accessDeniedHandler((request, response, failure) -> {
                    if (!routing.refused(request, response)) {
                        Problems.write(response, 403, "not-yours", "Your role may not do this.");
                    }
                });
    }

    private static HttpSecurity headers(HttpSecurity http) throws Exception {
        return http.headers(h -> h.contentSecurityPolicy(csp -> csp.policyDirectives(CSP))
                .referrerPolicy(r -> r.policy(ReferrerPolicyHeaderWriter.ReferrerPolicy.NO_REFERRER))
                .frameOptions(f -> f.deny())
                .permissionsPolicyHeader(p -> p.policy("camera=(), microphone=(), geolocation=()")));
    }

    /** Open to everybody on this machine where the setting says so; else for those inside. */
    private static AuthorizationManager<RequestAuthorizationContext> overview(SecuritySettings settings) {
        return (authentication, context) -> {
            boolean inside = authentication.get() != null
                    && authentication.get().isAuthenticated()
                    && authentication.get().getAuthorities().stream().anyMatch(authority -> {
                        String name = String.valueOf(authority.getAuthority());
                        for (String role : INSIDE) {
                            if (name.equals("ROLE_" + role)) {
                                return true;
                            }
                        }
                        return false;
                    });
            return new AuthorizationDecision(inside || (settings.openOverview() && loopback(context.getRequest())));
        };
    }

    private static boolean loopback(HttpServletRequest request) {
        try {
            return request.getHeader("X-Forwarded-For") == null
                    && InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Lets in who shows a token that we issued. */
    private static final class BearerTokens extends OncePerRequestFilter {

        private final ApiTokens tokens;
        private final Users users;

        BearerTokens(ApiTokens tokens, Users users) {
            this.tokens = tokens;
            this.users = users;
        }

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            String header = request.getHeader("Authorization");
            if (header != null && header.startsWith("Bearer ") && header.length() < 200) {
                tokens.userOf(header.substring("Bearer ".length())).ifPresent(name -> {
                    UserDetails user = users.loadUserByUsername(name);
                    SecurityContextHolder.getContext()
                            .setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                                    user, null, user.getAuthorities()));
                });
            }
            chain.doFilter(request, response);
        }
    }
}
