package io.sluice.investors;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.investors.Payees.Destination;
import io.sluice.investors.Payees.Kind;
import io.sluice.investors.Payees.Rail;
import io.sluice.platform.Rejection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /api/v1/holders}: registers who holds royalty tokens and where they are paid. */
@RestController
class HolderController {

    private static final int MAX_HOLDERS = 5_000;

    record NewHolders(@JsonProperty(required = true) List<NewHolder> holders) {}

    record NewHolder(
            @JsonProperty(required = true) String holderId,
            @JsonProperty(required = true) String name,
            @JsonProperty(required = true) Rail rail,
            @Nullable String bankAccount,
            @Nullable String address) {}

    record Answer(int registered) {}

    private final Payees payees;

    HolderController(Payees payees) {
        this.payees = payees;
    }

    @PostMapping("/api/v1/holders")
    @ResponseStatus(HttpStatus.CREATED)
    Answer register(@RequestBody NewHolders asked) {
        if (asked.holders().size() > MAX_HOLDERS) {
            throw new Rejection(
                    "too-many-holders",
                    "At most " + MAX_HOLDERS + " holders at a time, were "
                            + asked.holders().size());
        }
        Map<String, Destination> destinations = new LinkedHashMap<>();
        for (NewHolder holder : asked.holders()) {
            if (!holder.holderId().matches("[A-Za-z0-9._-]{1,64}")
                    || holder.holderId().startsWith("OWN-")
                    || holder.holderId().startsWith("MERCHANT-")) {
                throw new Rejection(
                        "holder-invalid",
                        "A holder's id has 1 to 64 of A-Z a-z 0-9 . _ -, was \"" + holder.holderId() + "\"");
            }
            destinations.put(
                    holder.holderId(),
                    new Destination(holder.rail(), holder.name(), holder.bankAccount(), holder.address()));
        }
        payees.register(Kind.HOLDER, destinations);
        return new Answer(destinations.size());
    }
}
