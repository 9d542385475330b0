package io.sluice.platform;

import org.springframework.context.event.EventListener;
import org.springframework.security.authentication.event.AbstractAuthenticationFailureEvent;
import org.springframework.security.authentication.event.AuthenticationSuccessEvent;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.stereotype.Component;

/**
 * Writes down who came in by a password and who was refused, by console and API alike. A login that cannot be written down fails. What an
 * unknown person typed as a name is not kept: it may be a password.
 */
@Component
class LoginAudit {

    static final String UNKNOWN = "-";

    private final AuditLog audit;
    private final Users users;

    LoginAudit(AuditLog audit, Users users) {
        this.audit = audit;
        this.users = users;
    }

    @EventListener
    void on(AuthenticationSuccessEvent event) {
        audit.record(event.getAuthentication().getName(), "LOG_IN", "password");
    }

    @EventListener
    void on(AbstractAuthenticationFailureEvent event) {
        audit.record(
                known(event.getAuthentication().getName()),
                "FAIL_LOGIN",
                event.getException().getClass().getSimpleName());
    }

    private String known(String name) {
        try {
            return users.loadUserByUsername(name).getUsername();
        } catch (UsernameNotFoundException nobody) {
            return UNKNOWN;
        }
    }
}
