package io.sluice.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.stereotype.Component;

/** The accounts of the users file, read at start. */
@Component
class Users implements UserDetailsService {

    private final Properties users = new Properties();

    Users(SecuritySettings settings) {
        Path file = settings.users();
        if (file == null) {
            return;
        }
        try (var in = Files.newBufferedReader(file)) {
            users.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("The users file " + file + " cannot be read", e);
        }
    }

    @Override
    public UserDetails loadUserByUsername(String name) {
        String line = users.getProperty(name);
        if (line == null) {
            throw new UsernameNotFoundException(name);
        }
        int bar = line.lastIndexOf('|');
        return User.withUsername(name)
                .password(line.substring(0, bar))
                .roles(line.substring(bar + 1).split(","))
                .build();
    }
}
