package io.sluice.collection;

import io.sluice.platform.SharedTransactions;
import io.sluice.platform.Transactions;
import java.time.Clock;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/** Connects the banks that are set. */
@Configuration(proxyBeanMethods = false)
class BankConfiguration {

    @Bean
    Banks banks(Environment environment, Clock clock) {
        return new Banks(new BankSettings(environment::getProperty, clock).banks());
    }

    /** Deliveries that arrive together are kept together. */
    @Bean
    SharedTransactions<Inbox.Arrival, Inbox.Kept> arrivals(Transactions transactions, Inbox inbox) {
        return new SharedTransactions<>(transactions, inbox::keep, 1);
    }

    @Bean
    FilterRegistrationBean<DeliveriesFirst> deliveriesFirst(BankWebhooks webhooks) {
        FilterRegistrationBean<DeliveriesFirst> first = new FilterRegistrationBean<>(new DeliveriesFirst(webhooks));
        first.addUrlPatterns(BankWebhooks.PATH + "*");
        first.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return first;
    }
}
