package io.sluice;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;

/** The engine as {@code serve} runs it. It knows of no demo: everything that differs is a setting. */
@SpringBootApplication
@ComponentScan(
        basePackages = "io.sluice",
        excludeFilters = @ComponentScan.Filter(type = FilterType.REGEX, pattern = "io\\.sluice\\.sandbox\\..*"))
public class Engine {

    /** Starts it with settings such as {@code --sluice.db.url=…} and answers once it is ready. */
    public static ConfigurableApplicationContext start(String... settings) {
        // Axon's update checker would call out; it reads this property before Spring does.
        System.setProperty("axoniq.update-checker.disabled", "true");
        SpringApplication application = new SpringApplication(Engine.class);
        application.setRegisterShutdownHook(false); // whoever started us decides what stops after us
        return application.run(settings);
    }
}
