package io.sluice.platform;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ClockSettings.class)
class ClockConfiguration {

    @Bean
    Clock systemClock() {
        return Clock.systemUTC();
    }

    @Bean
    BusinessClock businessClock(ClockSettings settings, Clock system) {
        var url = settings.businessUrl();
        return url == null ? () -> system.instant().truncatedTo(ChronoUnit.MICROS) : new FollowedClock(url, system);
    }
}
