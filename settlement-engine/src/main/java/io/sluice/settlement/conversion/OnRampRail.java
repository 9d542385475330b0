package io.sluice.settlement.conversion;

import io.sluice.bank.BankFailure;
import io.sluice.bank.BankPayments;
import io.sluice.bank.OnRampOrder;
import io.sluice.bank.OnRampOutcome;
import io.sluice.bank.OnRampQuote;
import io.sluice.collection.Banks;
import io.sluice.money.Money;
import io.sluice.platform.Transactions;
import io.sluice.platform.Worker;
import io.sluice.settlement.ConversionGuard;
import io.sluice.settlement.Conversions;
import io.sluice.settlement.InstructionRows;
import io.sluice.settlement.InstructionRows.Row;
import io.sluice.settlement.Outbox;
import io.sluice.settlement.Outbox.Leased;
import io.sluice.settlement.PayoutFunding;
import io.sluice.settlement.SettlementEvent.Rail;
import io.sluice.settlement.Unanswered;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Carries out on-ramp orders: a quote within the guard is taken and frozen with the order, and then sent once; what is unknown is asked
 * about.
 */
@Component
class OnRampRail extends Worker {

    private static final Duration QUOTE_AGAIN = Duration.ofSeconds(2);
    private static final Duration OUTSIDE_THE_GUARD = Duration.ofMinutes(1);
    private static final Logger log = LoggerFactory.getLogger(OnRampRail.class);

    /**
     * The order as it was sent, with what the quote said.
     *
     * @param tokenUnits null in orders from before the guard
     */
    private record Frozen(
            OnRampOrder order, String rate, @Nullable BigInteger tokenUnits) {}

    private final Outbox outbox;
    private final Banks banks;
    private final InstructionRows rows;
    private final Conversions conversions;
    private final ConversionGuard guard;
    private final Unanswered unanswered;
    private final PayoutFunding funding;
    private final JdbcClient db;
    private final Transactions transactions;
    private final JsonMapper json = JsonMapper.builder().build();

    OnRampRail(
            Outbox outbox,
            Banks banks,
            InstructionRows rows,
            Conversions conversions,
            ConversionGuard guard,
            Unanswered unanswered,
            PayoutFunding funding,
            JdbcClient db,
            Transactions transactions) {
        super("on-ramp");
        this.outbox = outbox;
        this.banks = banks;
        this.rows = rows;
        this.conversions = conversions;
        this.guard = guard;
        this.unanswered = unanswered;
        this.funding = funding;
        this.db = db;
        this.transactions = transactions;
    }

    @Override
    protected boolean work() {
        if (earlierOrdersWait()) {
            return false;
        }
        Optional<Leased> leased = outbox.lease(Rail.ONRAMP);
        leased.ifPresent(this::handle);
        return leased.isPresent();
    }

    /** Coins are bought with money that the day's sweeps bring: those go first. */
    private boolean earlierOrdersWait() {
        return db.sql(
                        "select exists (select 1 from outbox where rail = 'BANK' and state in ('READY', 'ATTEMPTED')"
                                + " and position < (select min(position) from outbox where rail = 'ONRAMP' and state = 'READY'))")
                .query(Boolean.class)
                .single();
    }

    private void handle(Leased leased) {
        BankPayments bank = banks.get(leased.lane()).payments();
        Row row = rows.of(leased.orderId()).getFirst();
        Frozen frozen;
        boolean ask = leased.ask();
        if (leased.body().length == 0) {
            ask = false; // nothing was sent before its bytes were frozen
            OnRampQuote quote;
            try {
                quote = quote(bank, row);
            } catch (BankFailure e) {
                log.info("No quote for order {}: {}", leased.orderId(), e.getMessage());
                outbox.again(leased, QUOTE_AGAIN, "no quote: " + e.getMessage());
                return;
            }
            Optional<String> stopped = guard.stops(leased.orderId(), row.units(), row.currency(), quote.tokenUnits());
            if (stopped.isPresent()) {
                log.warn("Order {} waits {}", leased.orderId(), stopped.get());
                outbox.again(leased, OUTSIDE_THE_GUARD, stopped.get());
                return;
            }
            frozen = freeze(leased, row, quote);
        } else {
            frozen = json.readValue(leased.body(), Frozen.class);
        }
        Optional<OnRampOutcome> outcome =
                ask ? bank.findOnRamp(frozen.order().idempotencyKey()) : Optional.of(bank.onRamp(frozen.order()));
        transactions.run(() ->
                outcome.ifPresentOrElse(told -> record(leased, row, frozen, told), () -> unanswered.notKnown(leased)));
    }

    private static OnRampQuote quote(BankPayments bank, Row row) {
        BigDecimal amount = Money.decimalOf(row.units(), row.currency());
        OnRampQuote quote = bank.quote(row.currency(), amount);
        if (quote.amount().compareTo(amount) != 0 || !quote.currency().equals(row.currency())) {
            throw new BankFailure("The quote is for " + quote.amount().toPlainString() + " " + quote.currency()
                    + ", expected " + amount.toPlainString() + " " + row.currency());
        }
        return quote;
    }

    private Frozen freeze(Leased leased, Row row, OnRampQuote quote) {
        String account = db.sql("select account from payment_order where order_id = ?")
                .param(leased.orderId())
                .query(String.class)
                .single();
        Frozen frozen = new Frozen(
                new OnRampOrder(
                        leased.orderId().toString(),
                        quote.quoteId(),
                        account,
                        row.currency(),
                        Money.decimalOf(row.units(), row.currency()),
                        funding.wallet(),
                        row.endToEndId()),
                quote.rate().toPlainString(),
                quote.tokenUnits());
        if (!outbox.freeze(leased, json.writeValueAsBytes(frozen))) {
            throw new IllegalStateException(
                    "The lease of order " + leased.orderId() + " was lost while a quote was taken");
        }
        return frozen;
    }

    private void record(Leased leased, Row row, Frozen frozen, OnRampOutcome outcome) {
        switch (outcome) {
            case OnRampOutcome.Accepted accepted
            when !accepted.transactionHash().isEmpty() -> {
                if (outbox.done(leased)) {
                    conversions.executed(
                            row,
                            accepted.tokenUnits(),
                            frozen.order().quoteId(),
                            frozen.rate(),
                            frozen.tokenUnits() == null ? accepted.tokenUnits() : frozen.tokenUnits(),
                            accepted.transactionHash());
                }
            }
            case OnRampOutcome.Accepted accepted -> outbox.unknown(leased, "not broadcast yet", outbox.asked(leased));
            case OnRampOutcome.Rejected rejected -> {
                if (outbox.sendings(leased) > 1) {
                    unanswered.refusedLater(leased, rejected.reason());
                } else if (outbox.done(leased)) {
                    log.warn("On-ramp order {} was refused: {}", leased.orderId(), rejected.reason());
                    conversions.refused(leased.orderId(), rejected.reason());
                }
            }
            case OnRampOutcome.Unknown unknown -> {
                int asked = outbox.asked(leased);
                log.warn("On-ramp order {}: no proof either way ({})", leased.orderId(), unknown.why());
                outbox.unknown(leased, unknown.why(), asked);
            }
        }
    }
}
