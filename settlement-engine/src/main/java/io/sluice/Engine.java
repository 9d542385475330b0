package io.sluice;

import com.zaxxer.hikari.HikariDataSource;
import org.axonframework.springboot.autoconfig.XStreamAutoConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/** The engine as {@code serve} runs it. It knows of no demo: everything that differs is a setting. */
@SpringBootApplication(exclude = {DataSourceAutoConfiguration.class, XStreamAutoConfiguration.class})
@EnableConfigurationProperties(DataSourceProperties.class)
@ComponentScan(
        basePackages = "io.sluice",
        excludeFilters = @ComponentScan.Filter(type = FilterType.REGEX, pattern = "io\\.sluice\\.sandbox\\..*"))
public class Engine {

    /** As Boot would make it, but without asking for its address before anybody needs it ({@link LateSettings}). */
    @Bean
    @ConfigurationProperties("spring.datasource.hikari")
    HikariDataSource dataSource(DataSourceProperties properties) {
        return properties
                .initializeDataSourceBuilder()
                .type(HikariDataSource.class)
                .build();
    }

    /**
     * The migrator's login for Flyway. Not {@code spring.flyway.url}: a condition of Boot reads that one early, and would wait there for
     * what is needed only once all beans are known.
     */
    @Bean
    FlywayConnectionDetails migrator(Environment settings) {
        return new FlywayConnectionDetails() {
            @Override
            public String getUsername() {
                return settings.getProperty("sluice.db.migrator-user", "sluice_migrator");
            }

            @Override
            public String getPassword() {
                return settings.getRequiredProperty("sluice.db.migrator-password");
            }

            @Override
            public String getJdbcUrl() {
                return settings.getRequiredProperty("sluice.db.url");
            }
        };
    }

    /** Starts it with settings such as {@code --sluice.db.url=…} and answers once it is ready. */
    public static ConfigurableApplicationContext start(String... settings) {
        return application().run(settings);
    }

    /** The same, with further settings that may come while it starts. */
    static ConfigurableApplicationContext start(PropertySource<?> further, String... settings) {
        SpringApplication application = application();
        application.addInitializers(
                context -> context.getEnvironment().getPropertySources().addFirst(further));
        return application.run(settings);
    }

    /** For money that is real: no setting, wherever it stands, lets a rule divide before the chain holds it. */
    static ConfigurableApplicationContext serve() {
        SpringApplication application = application();
        application.addInitializers(context -> {
            if ("off".equalsIgnoreCase(context.getEnvironment().getProperty("sluice.rule.anchoring"))) {
                throw new IllegalStateException(ServeCommand.ANCHORING_IS_OFF);
            }
        });
        return application.run();
    }

    private static SpringApplication application() {
        // Axon's update checker would call out; it reads this property before Spring does.
        System.setProperty("axoniq.update-checker.disabled", "true");
        SpringApplication application = new SpringApplication(Engine.class);
        application.setMainApplicationClass(Sluice.class);
        application.setRegisterShutdownHook(false); // whoever started us decides what stops after us
        return application;
    }
}
