package io.sluice.routing;

import io.sluice.money.Decimal;
import io.sluice.platform.Phrases;
import io.sluice.routing.RoyaltyLimits.CapTier;
import io.sluice.routing.RoyaltyLimits.ReturnsReserve;
import io.sluice.routing.Tranche.Band;
import io.sluice.routing.Tranche.Claim;
import io.sluice.routing.Tranche.Of;
import io.sluice.routing.Tranche.Per;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule's claims as sentences, for those who ask why an amount is what it is. */
final class RuleWords {

    private final RuleDocument rule;
    private final Phrases phrases;
    private final String period;

    RuleWords(RuleDocument rule, Phrases phrases) {
        this.rule = rule;
        this.phrases = phrases;
        this.period = phrases.say("terms.period." + rule.periods());
    }

    /** What the claim is, without its name and full stop: "1/10 of all that comes in". */
    String of(Claim claim) {
        String terms = switch (claim) {
            case Tranche.Share share -> share(share);
            case Tranche.Fixed fixed ->
                fixed.per() == Per.INFLOW
                        ? say("fixed.INFLOW", money(fixed.amount()))
                        : say("fixed.PERIOD", money(fixed.amount()), period);
            case Tranche.DueUpTo due -> say("due", money(due.amount()));
            case Tranche.Royalty royalty -> royalty(royalty);
            case Tranche.Reserve reserve -> say("reserve", money(reserve.target()), reserve.topUp());
            case Tranche.Trap trap -> say("trap", trap.portion(), trap.trigger());
            case Tranche.UntilReport waiting -> say("until-report", waiting.portion(), waiting.days());
            case Tranche.Remainder rest -> say("rest");
        };
        Condition when = claim.when();
        return when == null ? terms : say("only", terms, only(when));
    }

    private String share(Tranche.Share share) {
        List<String> words = new ArrayList<>();
        words.add(say("portion", share.portion(), share.of() == Of.LEFT ? say("left") : basis()));
        if (share.atLeast() != null) {
            words.add(say("at-least", money(share.atLeast())));
        }
        if (share.atMost() != null) {
            words.add(say("at-most", money(share.atMost())));
        }
        return phrases.join("list.comma", words);
    }

    private String royalty(Tranche.Royalty royalty) {
        List<Band> bands = royalty.bands();
        String whole = bands == null ? say("portion", royalty.portion(), basis()) : bands(bands);
        List<String> words = new ArrayList<>();
        words.add(royalty.of() == Of.BASIS_LESS_ROYALTY ? say("less-royalty", whole) : whole);
        if (Waterfall.isPooled(royalty)) {
            limits(words);
        }
        return phrases.join("list.comma", words);
    }

    private String bands(List<Band> bands) {
        List<String> words = new ArrayList<>();
        for (Band band : bands) {
            if (band.upTo() != null) {
                words.add(say("band", band.portion(), money(band.upTo())));
            } else {
                words.add(bands.size() > 1 ? say("band.above", band.portion()) : String.valueOf(band.portion()));
            }
        }
        return say("bands", phrases.join("list.comma", words), period);
    }

    private void limits(List<String> words) {
        RoyaltyLimits limits = rule.limits();
        if (limits.cap() != null) {
            List<String> tiers = new ArrayList<>();
            for (CapTier tier : limits.cap()) {
                tiers.add(
                        tier.until() == null
                                ? money(tier.amount())
                                : say("cap.until", money(tier.amount()), tier.until()));
            }
            words.add(say("cap", phrases.join("list.then", tiers)));
        }
        if (limits.minimum() != null) {
            words.add(say("minimum", money(limits.minimum()), period));
        }
        if (limits.ceiling() != null) {
            words.add(say("ceiling", money(limits.ceiling()), period));
        }
        ReturnsReserve reserve = limits.returnsReserve();
        if (reserve != null) {
            words.add(say(
                    reserve.periods() == 1 ? "returns-reserve.one" : "returns-reserve",
                    reserve.portion(),
                    reserve.periods(),
                    period));
        }
        if (limits.conversion() != null) {
            words.add(say(
                    "conversion",
                    limits.conversion().depeg(),
                    limits.conversion().slippage()));
        }
    }

    private String only(Condition when) {
        List<String> words = new ArrayList<>();
        if (when.channel() != null) {
            words.add(say("sold-by", phrases.join("list.or", when.channel())));
        }
        if (when.country() != null) {
            words.add(say("sold-in", phrases.join("list.or", when.country())));
        }
        if (when.amountFrom() != null) {
            words.add(say("from", money(when.amountFrom())));
        }
        if (when.amountBelow() != null) {
            words.add(say("below", money(when.amountBelow())));
        }
        if (when.trigger() != null) {
            words.add(say("while", when.trigger()));
        }
        return phrases.join("list.comma", words);
    }

    private String basis() {
        return say("basis." + rule.basis());
    }

    private String money(@Nullable Decimal amount) {
        return amount + " " + rule.currency();
    }

    private String say(String key, @Nullable Object... parts) {
        return phrases.say("terms." + key, parts);
    }
}
