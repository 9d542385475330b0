package io.sluice.collection;

import io.sluice.bank.meridian.MeridianBank;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which banks there are: one for which an address and keys are set. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BankConfiguration.Meridian.class)
class BankConfiguration {

    /**
     * Meridian Bank.
     *
     * @param url of its API
     * @param keys properties file with {@code api.key} and {@code webhook.secrets}
     */
    @ConfigurationProperties("sluice.bank.meridian")
    record Meridian(@Nullable URI url, @Nullable Path keys) {}

    @Bean
    Banks banks(Meridian meridian) {
        URI url = meridian.url();
        Path keys = meridian.keys();
        return new Banks(url == null || keys == null ? List.of() : List.of(MeridianBank.fromKeys(url, keys)));
    }
}
