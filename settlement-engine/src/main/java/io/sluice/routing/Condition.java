package io.sluice.routing;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sluice.money.Decimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which inflows a claim is for: all that is named must hold, and closed values only, so that a checker can tell whether two overlap.
 *
 * @param channel the store's, one of these
 * @param country the store's, one of these, ISO 3166 alpha-2
 * @param amountFrom least amount of the inflow
 * @param amountBelow amount that the inflow does not reach
 * @param trigger name of one that is on
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
        @Nullable List<String> channel,
        @Nullable List<String> country,
        @Nullable Decimal amountFrom,
        @Nullable Decimal amountBelow,
        @Nullable String trigger) {

    public Condition {
        channel = channel == null ? null : List.copyOf(channel);
        country = country == null ? null : List.copyOf(country);
    }

    boolean holds(Movement movement, Claims claims) {
        return (channel == null || (movement.channel() != null && channel.contains(movement.channel())))
                && (country == null || (movement.country() != null && country.contains(movement.country())))
                && (amountFrom == null || movement.amount().compareTo(amountFrom.units()) >= 0)
                && (amountBelow == null || movement.amount().compareTo(amountBelow.units()) < 0)
                && (trigger == null || claims.isOn(trigger));
    }

    /** Whether no inflow satisfies both. */
    boolean excludes(Condition other) {
        return apart(channel, other.channel)
                || apart(country, other.country)
                || (amountBelow != null
                        && other.amountFrom != null
                        && amountBelow.units().compareTo(other.amountFrom.units()) <= 0)
                || (other.amountBelow != null
                        && amountFrom != null
                        && other.amountBelow.units().compareTo(amountFrom.units()) <= 0);
    }

    private static boolean apart(@Nullable List<String> one, @Nullable List<String> other) {
        return one != null && other != null && one.stream().noneMatch(other::contains);
    }
}
