package io.sluice.collection;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Connects the banks that are set. */
@Configuration(proxyBeanMethods = false)
class BankConfiguration {

    @Bean
    Banks banks(Environment environment, Clock clock) {
        return new Banks(new BankSettings(environment::getProperty, clock).banks());
    }
}
