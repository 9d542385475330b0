package io.sluice.royalty;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.platform.Rejection;
import io.sluice.routing.Agreements;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /api/v1/agreements/{id}/holdings}: the whole register of an agreement's token. */
@RestController
class HoldingController {

    record NewRegister(@JsonProperty(required = true) List<Holding> holdings) {}

    record Holding(
            @JsonProperty(required = true) String holderId,
            @JsonProperty(required = true) String units) {}

    private final DistributionDesk desk;
    private final Agreements agreements;

    HoldingController(DistributionDesk desk, Agreements agreements) {
        this.desk = desk;
        this.agreements = agreements;
    }

    @PostMapping("/api/v1/agreements/{id}/holdings")
    @ResponseStatus(HttpStatus.CREATED)
    Map<String, String> replace(@PathVariable String id, @RequestBody NewRegister asked) {
        var agreement = agreements
                .find(id)
                .orElseThrow(() -> new Rejection("no-such-agreement", "There is no agreement " + id));
        TreeMap<String, BigInteger> units = new TreeMap<>();
        for (Holding holding : asked.holdings()) {
            if (!holding.units().matches("[1-9][0-9]{0,37}")
                    || units.put(holding.holderId(), new BigInteger(holding.units())) != null) {
                throw new Rejection(
                        "holding-invalid",
                        "Each holder stands once, with a whole number of units above zero; was " + holding.holderId()
                                + " with " + holding.units());
            }
        }
        return Map.of("snapshotHash", desk.register(agreement, units));
    }
}
