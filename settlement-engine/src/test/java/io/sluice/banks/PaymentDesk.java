package io.sluice.banks;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a bank takes orders. It books before it answers, pays one key once, and may lose an answer. Amounts are those of currencies with
 * two decimals.
 */
final class PaymentDesk implements ResponseDefinitionTransformerV2 {

    static final String NAME = "payment-desk";

    private static final Pattern REFERENCE = Pattern.compile("SLA[A-Z2-7]{26}");
    private static final Pattern AMOUNT = Pattern.compile("amount\":([0-9]+)(\\.([0-9]{2}))?[,}]");

    private final Function<Request, String> key;
    private final BiFunction<String, String, String> confirmation;
    private final String list;
    private final Map<String, String> booked = new LinkedHashMap<>();
    private final List<String> sent = new ArrayList<>();
    private int answersToLose;

    /**
     * @param key of an order, or of a question about one
     * @param confirmation the answer to an order's body under a key
     * @param list in which a question is answered
     */
    PaymentDesk(Function<Request, String> key, BiFunction<String, String, String> confirmation, String list) {
        this.key = key;
        this.confirmation = confirmation;
        this.list = list;
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public boolean applyGlobally() {
        return false;
    }

    synchronized void loseAnswers(int next) {
        answersToLose = next;
    }

    @Override
    public synchronized ResponseDefinition transform(ServeEvent event) {
        Request request = event.getRequest();
        String of = key.apply(request);
        if (request.getMethod().isOneOf(com.github.tomakehurst.wiremock.http.RequestMethod.GET)) {
            String found = booked.containsKey(of) ? confirmation.apply(of, booked.get(of)) : "";
            return ResponseDefinitionBuilder.okForJson(Map.of())
                    .withBody("{\"" + list + "\":[" + found + "]}")
                    .build();
        }
        sent.add(of);
        booked.putIfAbsent(of, request.getBodyAsString());
        if (answersToLose > 0) {
            answersToLose--;
            return new ResponseDefinitionBuilder().withStatus(503).build();
        }
        return new ResponseDefinitionBuilder()
                .withStatus(202)
                .withHeader("Content-Type", "application/json")
                .withBody(confirmation.apply(of, booked.get(of)))
                .build();
    }

    /** Each sending's key. */
    synchronized List<String> sent() {
        return List.copyOf(sent);
    }

    /** What was paid, in minor units, by our reference. */
    synchronized Map<String, Long> paid() {
        Map<String, Long> paid = new TreeMap<>();
        booked.values().forEach(body -> {
            Matcher reference = REFERENCE.matcher(body);
            Matcher amount = AMOUNT.matcher(body);
            if (!reference.find() || !amount.find()) {
                throw new IllegalStateException("Not an order of ours: " + body);
            }
            paid.merge(
                    reference.group(),
                    Long.parseLong(amount.group(1) + (amount.group(3) == null ? "" : amount.group(3))),
                    Long::sum);
        });
        return paid;
    }
}
