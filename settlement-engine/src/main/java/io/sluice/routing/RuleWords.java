package io.sluice.routing;

import io.sluice.routing.RoyaltyLimits.CapTier;
import io.sluice.routing.RoyaltyLimits.ReturnsReserve;
import io.sluice.routing.Tranche.Band;
import io.sluice.routing.Tranche.Claim;
import io.sluice.routing.Tranche.Of;
import io.sluice.routing.Tranche.Per;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A rule's claims as sentences, for those who ask why an amount is what it is. */
final class RuleWords {

    private RuleWords() {}

    private static String of(RuleDocument rule) {
        return switch (rule.basis()) {
            case CASH_RECEIVED -> " of all that comes in";
            case NET_OF_REFUNDS -> " of all that is sold and not refunded";
            case GROSS_SALES -> " of all that is sold";
        };
    }

    /** What the claim is, without its name and full stop: "1/10 of all that comes in". */
    static String of(Claim claim, RuleDocument rule) {
        String currency = " " + rule.currency();
        String period = rule.periods().name().toLowerCase(Locale.ROOT);
        String terms = switch (claim) {
            case Tranche.Share share ->
                share.portion()
                        + (share.of() == Of.LEFT ? " of what the claims before it leave" : of(rule))
                        + (share.atLeast() == null ? "" : ", at least " + share.atLeast() + currency + " of an inflow")
                        + (share.atMost() == null ? "" : ", at most " + share.atMost() + currency + " of an inflow");
            case Tranche.Fixed fixed ->
                fixed.amount() + currency + (fixed.per() == Per.INFLOW ? " of each inflow" : " for each " + period);
            case Tranche.DueUpTo due -> "all there is until " + due.amount() + currency + " are given";
            case Tranche.Royalty royalty -> royalty(royalty, rule, period);
            case Tranche.Reserve reserve ->
                "what the reserve is short of " + reserve.target() + currency + ", at most " + reserve.topUp()
                        + " of an inflow; what it holds above that goes on";
            case Tranche.Trap trap ->
                trap.portion() + " of what the claims before it leave, while \"" + trap.trigger()
                        + "\" is on; what it holds goes on when it is off";
            case Tranche.UntilReport waiting ->
                waiting.portion() + " of what the claims before it leave, until the deposit's report comes, at most "
                        + waiting.days() + " days; it then covers what the report makes due, and the rest goes on";
            case Tranche.Remainder rest -> "what remains";
        };
        return terms + only(claim.when(), rule);
    }

    private static String royalty(Tranche.Royalty royalty, RuleDocument rule, String period) {
        StringBuilder words = new StringBuilder();
        List<Band> bands = royalty.bands();
        if (bands == null) {
            words.append(royalty.portion()).append(of(rule));
        } else {
            for (int i = 0; i < bands.size(); i++) {
                words.append(i == 0 ? "" : ", ").append(bands.get(i).portion());
                if (bands.get(i).upTo() != null) {
                    words.append(" up to ")
                            .append(bands.get(i).upTo())
                            .append(' ')
                            .append(rule.currency());
                }
            }
            words.append(bands.size() > 1 ? " above" : "")
                    .append(" of each ")
                    .append(period)
                    .append("'s volume");
        }
        if (royalty.of() == Of.BASIS_LESS_ROYALTY) {
            words.append(" less the royalty of the claims before it");
        }
        return Waterfall.isPooled(royalty) ? words + limits(rule.limits(), rule.currency(), period) : words.toString();
    }

    private static String limits(RoyaltyLimits limits, String currency, String period) {
        StringBuilder words = new StringBuilder();
        if (limits.cap() != null) {
            List<String> tiers = new ArrayList<>();
            for (CapTier tier : limits.cap()) {
                tiers.add(tier.amount() + " " + currency + (tier.until() == null ? "" : " until " + tier.until()));
            }
            words.append(", in all at most ").append(String.join(", then ", tiers));
        }
        if (limits.minimum() != null) {
            words.append(", at least ")
                    .append(limits.minimum())
                    .append(' ')
                    .append(currency)
                    .append(" a ")
                    .append(period);
        }
        if (limits.ceiling() != null) {
            words.append(", paid at most ")
                    .append(limits.ceiling())
                    .append(' ')
                    .append(currency)
                    .append(" a ")
                    .append(period);
        }
        ReturnsReserve reserve = limits.returnsReserve();
        if (reserve != null) {
            words.append(", of which ")
                    .append(reserve.portion())
                    .append(" stays back for refunds for ")
                    .append(reserve.periods())
                    .append(' ')
                    .append(period)
                    .append(reserve.periods() == 1 ? "" : "s");
        }
        if (limits.conversion() != null) {
            words.append(", paid in coins that are at most ")
                    .append(limits.conversion().depeg())
                    .append(" off par, and at most ")
                    .append(limits.conversion().slippage())
                    .append(" fewer than quoted");
        }
        return words.toString();
    }

    private static String only(@Nullable Condition when, RuleDocument rule) {
        if (when == null) {
            return "";
        }
        List<String> words = new ArrayList<>();
        if (when.channel() != null) {
            words.add("sold by " + String.join(" or ", when.channel()));
        }
        if (when.country() != null) {
            words.add("sold in " + String.join(" or ", when.country()));
        }
        if (when.amountFrom() != null) {
            words.add("from " + when.amountFrom() + " " + rule.currency() + " on");
        }
        if (when.amountBelow() != null) {
            words.add("below " + when.amountBelow() + " " + rule.currency());
        }
        if (when.trigger() != null) {
            words.add("while \"" + when.trigger() + "\" is on");
        }
        return " (only of inflows " + String.join(", ", words) + ")";
    }
}
