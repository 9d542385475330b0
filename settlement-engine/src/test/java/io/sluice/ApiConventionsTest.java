package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.collection.AccountKind;
import io.sluice.collection.CollectionCommand.RegisterAccount;
import io.sluice.platform.Commands;
import io.sluice.policies.WorkList;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What holds for every route of the API: how it refuses, how its lists are read, and that its document tells of each. */
class ApiConventionsTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> ROLES =
            List.of("TREASURY_OPERATOR", "APPROVER", "AUDITOR", "ONBOARDING", "RULE_ADMIN");

    @TempDir
    static Path dir;

    private static TestEngine engine;
    private static JdbcClient db;
    private static Map<String, String> tokens;

    private record Route(String method, String path) {}

    @BeforeAll
    static void start() {
        engine = TestEngine.start(
                dir, ROLES.stream().map(role -> user(role) + "=" + role).toArray(String[]::new));
        db = engine.bean(JdbcClient.class);
        tokens = ROLES.stream().collect(Collectors.toMap(role -> role, ApiConventionsTest::token));
    }

    @AfterAll
    static void stop() {
        if (engine != null) {
            engine.close();
        }
    }

    @Test
    void theDocumentTellsOfEveryRouteAndOfNoOther() {
        JsonNode document = JSON.readTree(send("GET", "/api/v1/openapi.json", tokens.get("AUDITOR"), null, null)
                .body());
        assertThat(document.get("openapi").asString()).isEqualTo("3.1.0");
        Set<String> told = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .propertyNames()
                        .forEach(method -> told.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertThat(told)
                .isEqualTo(routes().stream()
                        .map(route -> route.method() + " " + route.path())
                        .collect(Collectors.toCollection(TreeSet::new)));
        Set<String> references = new TreeSet<>();
        references(document, references);
        assertThat(references)
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    @Test
    void whateverIsPostedToWhateverRouteIsNeverADefect() {
        List<String> bodies = List.of(
                "{}",
                "null",
                "[]",
                "[null]",
                "\"text\"",
                "1",
                "true",
                "{\"user\":null,\"password\":null,\"hash\":null,\"holders\":null,\"holdings\":null,\"stores\":null,\"storeId\":null}",
                "{\"holders\":[null],\"holdings\":[null],\"rules\":[null],\"basedOn\":0}",
                "{\"holders\":{},\"holdings\":\"x\",\"hash\":[],\"note\":{},\"user\":[],\"password\":{},\"storeId\":{}}",
                "{\"holders\":[{}]}",
                "{\"holdings\":[{}]}",
                "{\"account\":null,\"bank\":\"meridian\",\"currency\":\"EUR\",\"kind\":\"FEE\",\"name\":\"n\"}",
                "{\"account\":\"A123\",\"bank\":null,\"currency\":\"EUR\",\"kind\":\"FEE\",\"name\":\"n\"}",
                "{\"account\":\"A123\",\"bank\":\"meridian\",\"currency\":5,\"kind\":7,\"name\":{}}",
                "{\"agreementId\":\"A\",\"name\":\"n\",\"currency\":\"EUR\",\"token\":\"t\",\"trustAccount\":\"T\",\"feeAccount\":\"F\",\"stores\":[null]}",
                "{\"agreementId\":\"A\",\"name\":null,\"currency\":\"EUR\",\"token\":\"t\",\"trustAccount\":\"T\",\"feeAccount\":\"F\",\"stores\":[{}]}",
                "{\"schema\":\"sluice/rule/1\",\"agreement\":null,\"version\":1,\"currency\":\"EUR\",\"basis\":null,\"effectiveFrom\":null,\"previous\":null,\"waterfall\":null}",
                "{\"schema\":\"sluice/rule/1\",\"agreement\":\"x\",\"version\":1,\"currency\":\"EUR\",\"basis\":\"CASH_RECEIVED\",\"effectiveFrom\":\"2026-11-23\",\"waterfall\":[null]}",
                "{\"agreementId\":\"A\",\"rails\":[null],\"currency\":\"EUR\",\"maxPerPayee\":{\"amount\":null,\"currency\":null},\"maxPerDistribution\":{},\"maxPerDay\":1,\"expires\":5}",
                "{\"agreementId\":\"A\",\"rails\":[\"BANK\",null],\"currency\":null,\"maxPerPayee\":null,\"maxPerDistribution\":null,\"maxPerDay\":null,\"expires\":null}",
                "{not json",
                "");
        Set<String> wrong = new TreeSet<>();
        for (Route route : routes()) {
            if (!route.method().equals("POST")) {
                continue;
            }
            String path = route.path()
                    .replaceAll("\\{(inflowId|breakId|instructionId)}", "00000000-0000-5000-8000-0000000000ff")
                    .replaceAll("/deliveries/\\{id}", "/deliveries/999999")
                    .replaceAll("\\{[^}]*}", "x");
            for (String body : bodies) {
                for (String role : route.path().startsWith("/api/v1/tokens")
                                || route.path().startsWith("/hooks")
                        ? List.of("AUDITOR")
                        : ROLES) {
                    HttpResponse<String> answer = send("POST", path, tokens.get(role), "application/json", body);
                    String type = answer.headers().firstValue("Content-Type").orElse("none");
                    if (answer.statusCode() < 400
                            || answer.statusCode() >= 500
                            || !type.startsWith("application/problem+json")) {
                        wrong.add(route.path() + " as " + role + " with " + body + ": " + answer.statusCode() + " "
                                + type);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void aMissingFieldIsNamedWithWhatWasFoundAndExpected() {
        String onboarding = tokens.get("ONBOARDING");
        HttpResponse<String> nothing = send("POST", "/api/v1/accounts", onboarding, "application/json", "{}");
        assertThat(nothing.statusCode()).isEqualTo(400);
        assertThat(detail(nothing)).isEqualTo("account: found nothing, expected a value");
        HttpResponse<String> nulled = send(
                "POST",
                "/api/v1/holders",
                onboarding,
                "application/json",
                "{\"holders\":[{\"holderId\":\"H\",\"name\":\"n\",\"rail\":null}]}");
        assertThat(nulled.statusCode()).isEqualTo(400);
        assertThat(detail(nulled)).isEqualTo("holders[0].rail: found null or nothing, expected one of BANK, CHAIN");
        HttpResponse<String> list = send("POST", "/api/v1/holders", onboarding, "application/json", "[]");
        assertThat(list.statusCode()).isEqualTo(400);
        assertThat(detail(list)).isEqualTo("The body: found a list, expected an object");
        HttpResponse<String> kind = send(
                "POST",
                "/api/v1/accounts",
                onboarding,
                "application/json",
                "{\"account\":\"A123\",\"bank\":\"meridian\",\"currency\":\"EUR\",\"kind\":\"MINE\",\"name\":\"n\"}");
        assertThat(detail(kind)).isEqualTo("kind: found \"MINE\", expected one of COLLECTION, TRUST, FEE");
    }

    @Test
    void aDocumentThatIsNestedTooDeeplyIsRefusedForThat() {
        String deep = "[".repeat(3_000) + "]".repeat(3_000);
        HttpResponse<String> rule =
                send("POST", "/api/v1/agreements/x/rules", tokens.get("RULE_ADMIN"), "application/json", deep);
        problem(422, "rule-invalid", rule);
        assertThat(detail(rule))
                .isEqualTo("The document: found lists and objects nested 501 deep, expected at most 500");
        HttpResponse<String> simulation = send(
                "POST",
                "/api/v1/agreements/x/simulations",
                tokens.get("AUDITOR"),
                "application/json",
                "{\"rule\":" + deep + "}");
        problem(400, "body-malformed", simulation);
        assertThat(detail(simulation)).startsWith("The body: found lists and objects nested 501 deep");
    }

    @Test
    void aBodyIsTakenAsItStandsOrRefusedWithThePlace() {
        String runOffs = "/api/v1/agreements/NOPE/run-offs";
        String operator = tokens.get("TREASURY_OPERATOR");
        HttpResponse<String> part = send("POST", runOffs, operator, "application/json", "{\"days\":1.5}");
        problem(400, "body-malformed", part);
        assertThat(detail(part))
                .startsWith("days: found a number with a point or an exponent, expected a whole number");
        HttpResponse<String> twice = send("POST", runOffs, operator, "application/json", "{\"days\":1,\n\"days\":2}");
        problem(400, "body-malformed", twice);
        assertThat(detail(twice)).startsWith("The body: found \"days\" twice, expected it once: line 2, column ");
        problem(422, "no-such-agreement", send("POST", runOffs, operator, "application/json", "{\"days\":1}"));
    }

    @Test
    void whatAGetAsksForAndIsNotThereIsNotFound() {
        String auditor = tokens.get("AUDITOR");
        String none = "00000000-0000-0000-0000-000000000000";
        Map.of(
                        "agreements/NOPE/simulations",
                        "no-such-agreement",
                        "agreements/NOPE/restatements",
                        "no-such-agreement",
                        "agreements/NOPE/rules",
                        "no-such-agreement",
                        "agreements/NOPE/rules/" + "0".repeat(64),
                        "no-such-rule",
                        "simulations/0",
                        "no-such-simulation",
                        "restatements/0",
                        "no-such-restatement",
                        "deliveries/999999",
                        "no-such-delivery",
                        "legs/" + none + "/explanation",
                        "no-such-leg",
                        "ledger/journals/NOPE",
                        "no-such-journal",
                        "accounts/NOPE/classification",
                        "unknown-account")
                .forEach((path, type) -> problem(404, type, send("GET", "/api/v1/" + path, auditor, null, null)));
        problem(
                404,
                "no-such-agreement",
                send("GET", "/api/v1/ledger/postings?account=a&currency=EUR&agreement=NOPE", auditor, null, null));
    }

    @Test
    void aValueInThePathOrQueryThatIsNoneIsSaidAsAProblem() {
        String auditor = tokens.get("AUDITOR");
        HttpResponse<String> id = send("GET", "/api/v1/legs/xx/explanation", auditor, null, null);
        problem(400, "invalid-value", id);
        assertThat(detail(id)).isEqualTo("id: found \"xx\", expected a UUID");
        HttpResponse<String> missing = send("GET", "/api/v1/ledger/postings?account=a", auditor, null, null);
        problem(400, "invalid-value", missing);
        assertThat(detail(missing)).isEqualTo("currency: found nothing, expected a value in the query");
        HttpResponse<String> limit = send("GET", "/api/v1/work?limit=many", auditor, null, null);
        problem(400, "invalid-value", limit);
        assertThat(detail(limit)).startsWith("limit: found \"many\", expected a ");
        HttpRequest.Builder csv = HttpRequest.newBuilder(URI.create(engine.address() + "/api/v1/agreements"))
                .header("Authorization", "Bearer " + auditor)
                .header("Accept", "text/csv");
        problem(406, "not-acceptable", exchange(csv));
    }

    @Test
    void whatIsNotThereIsSaidAsAProblem() {
        String auditor = tokens.get("AUDITOR");
        problem(404, "no-such-path", send("GET", "/api/v1/nothing", auditor, null, null));
        problem(404, "no-such-path", send("GET", "/api/v1/nothing", null, null, null));
        problem(404, "no-such-path", send("POST", "/hooks/a/b", null, "application/json", "{}"));
        HttpResponse<String> method = send("DELETE", "/api/v1/agreements", auditor, null, null);
        problem(405, "method-not-allowed", method);
        assertThat(method.headers().firstValue("Allow")).contains("GET, POST");
        problem(405, "method-not-allowed", send("GET", "/hooks/meridian", null, null, null));
        problem(
                415,
                "media-type-unsupported",
                send("POST", "/api/v1/agreements/x/rules", tokens.get("RULE_ADMIN"), "text/plain", "x"));
        problem(
                413,
                "body-too-large",
                send(
                        "POST",
                        "/api/v1/holders",
                        tokens.get("ONBOARDING"),
                        "application/json",
                        " ".repeat(16 * 1024 * 1024 + 1)));
        problem(401, "token-missing", send("GET", "/api/v1/agreements", null, null, null));
        problem(403, "not-yours", send("POST", "/api/v1/agreements", auditor, "application/json", "{}"));
    }

    @Test
    void theWorkListIsReadPageByPage() {
        WorkList work = engine.bean(WorkList.class);
        for (String id : List.of("PAGE-1", "PAGE-2", "PAGE-3")) {
            work.tell(id, "0".repeat(64), "a test");
        }
        Set<String> seen = new TreeSet<>();
        String cursor = "";
        do {
            JsonNode page = JSON.readTree(
                    send("GET", "/api/v1/work?limit=1&cursor=" + cursor, tokens.get("AUDITOR"), null, null)
                            .body());
            page.get("items")
                    .forEach(item ->
                            assertThat(seen.add(item.get("itemId").asString())).isTrue());
            cursor = page.get("next").isNull() ? null : page.get("next").asString();
        } while (cursor != null);
        assertThat(seen).contains("PAGE-1", "PAGE-2", "PAGE-3");
        for (String list : List.of("work", "suspense", "agreements", "deliveries", "breaks", "returned-payouts")) {
            HttpResponse<String> foreign =
                    send("GET", "/api/v1/" + list + "?cursor=abc", tokens.get("AUDITOR"), null, null);
            assertThat(foreign.statusCode()).as(list).isEqualTo(400);
            assertThat(detail(foreign)).startsWith("cursor: found \"abc\"");
            assertThat(send("GET", "/api/v1/" + list + "?cursor=dHh4eA", tokens.get("AUDITOR"), null, null)
                            .statusCode())
                    .as(list)
                    .isEqualTo(400);
        }
    }

    @Test
    void theDocumentNamesTheFieldsOfWhatIsAnswered() {
        String auditor = tokens.get("AUDITOR");
        JsonNode document = JSON.readTree(
                send("GET", "/api/v1/openapi.json", auditor, null, null).body());
        List<String> bare = new ArrayList<>();
        bareObjects(document, "", bare);
        assertThat(bare).isEmpty();
        for (String path : List.of("/api/v1/overview", "/api/v1/ledger/trial-balance")) {
            JsonNode answer =
                    JSON.readTree(send("GET", path, auditor, null, null).body());
            JsonNode schema = document.at(
                    "/paths/" + path.replace("/", "~1") + "/get/responses/200/content/application~1json/schema/$ref");
            JsonNode told = document.at(schema.asString().substring(1)).get("properties");
            assertThat(answer.propertyNames()).as(path).containsExactlyInAnyOrderElementsOf(told.propertyNames());
        }
    }

    @Test
    void anApprovalOfARuleThatWasReplacedSinceIsRefused() {
        for (String account : List.of("ETAGCOLL1", "ETAGTRUST1", "ETAGFEE1")) {
            engine.bean(Commands.class)
                    .begin(account, new RegisterAccount(account, "meridian", "EUR", AccountKind.COLLECTION, account));
        }
        assertThat(send(
                                "POST",
                                "/api/v1/agreements",
                                tokens.get("ONBOARDING"),
                                "application/json",
                                "{\"agreementId\":\"ETAG-1\",\"name\":\"n\",\"currency\":\"EUR\",\"token\":\"t\",\"trustAccount\":\"ETAGTRUST1\","
                                        + "\"feeAccount\":\"ETAGFEE1\",\"stores\":[]}")
                        .statusCode())
                .isEqualTo(201);
        HttpResponse<String> drafted = send(
                "POST",
                "/api/v1/agreements/ETAG-1/rules",
                tokens.get("RULE_ADMIN"),
                "application/json",
                "{\"schema\":\"sluice/rule/1\",\"agreement\":\"ETAG-1\",\"version\":1,\"currency\":\"EUR\",\"basis\":\"CASH_RECEIVED\","
                        + "\"effectiveFrom\":\"2026-12-23\",\"previous\":null,"
                        + "\"waterfall\":[{\"name\":\"residual\",\"kind\":\"remainder\",\"to\":\"merchant.residual\"}]}");
        assertThat(drafted.statusCode()).as(drafted.body()).isEqualTo(201);
        String hash = JSON.readTree(drafted.body()).get("ruleHash").asString();
        String rule = "/api/v1/agreements/ETAG-1/rules/" + hash;
        HttpResponse<String> read = send("GET", rule, tokens.get("APPROVER"), null, null);
        assertThat(read.headers().firstValue("ETag")).contains("\"" + hash + "\"");
        assertThat(read.body()).contains("\"merchant.residual\"");
        HttpResponse<String> again = exchange(HttpRequest.newBuilder(URI.create(engine.address() + rule))
                .header("Authorization", "Bearer " + tokens.get("APPROVER"))
                .header("If-None-Match", "\"" + hash + "\""));
        assertThat(again.statusCode()).isEqualTo(304);

        problem(422, "not-simulated", approve(hash, "\"" + hash + "\""));
        assertThat(send(
                                "POST",
                                "/api/v1/agreements/ETAG-1/simulations",
                                tokens.get("AUDITOR"),
                                "application/json",
                                "{\"ruleHash\":\"" + hash + "\"}")
                        .statusCode())
                .isEqualTo(201);
        problem(412, "precondition-failed", approve(hash, "\"" + "0".repeat(64) + "\""));
        assertThat(approve(hash, "\"" + hash + "\"").statusCode()).isEqualTo(201);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(
                                send("GET", "/api/v1/agreements/ETAG-1/rules", tokens.get("AUDITOR"), null, null)
                                        .body())
                        .as("until its day")
                        .contains("\"state\":\"SCHEDULED\""));
    }

    private static HttpResponse<String> approve(String hash, String ifMatch) {
        return exchange(
                HttpRequest.newBuilder(URI.create(engine.address() + "/api/v1/work/RULE-" + hash + "/approvals"))
                        .header("Authorization", "Bearer " + tokens.get("APPROVER"))
                        .header("Content-Type", "application/json")
                        .header("If-Match", ifMatch)
                        .POST(HttpRequest.BodyPublishers.ofString("{\"hash\":\"" + hash + "\"}")));
    }

    private static void problem(int status, String type, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(found -> assertThat(found).startsWith("application/problem+json"));
        assertThat(JSON.readTree(answer.body()).get("type").asString()).isEqualTo("urn:sluice:problem:" + type);
    }

    private static String detail(HttpResponse<String> answer) {
        return JSON.readTree(answer.body()).get("detail").asString();
    }

    private static Set<Route> routes() {
        return engine
                .context()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .stream()
                .flatMap(mapping -> mapping.getPatternValues().stream()
                        .filter(path -> path.startsWith("/api/") || path.startsWith("/hooks/"))
                        .flatMap(path -> mapping.getMethodsCondition().getMethods().stream()
                                .map(RequestMethod::name)
                                .map(method -> new Route(method, path))))
                .collect(Collectors.toSet());
    }

    private static void bareObjects(JsonNode node, String place, List<String> found) {
        if (node.path("type").asString("").equals("object")
                && !node.has("properties")
                && !node.has("additionalProperties")) {
            found.add(place);
        }
        node.propertyStream().forEach(field -> bareObjects(field.getValue(), place + "/" + field.getKey(), found));
        if (node.isArray()) {
            node.forEach(element -> bareObjects(element, place + "/*", found));
        }
    }

    private static void references(JsonNode node, Set<String> found) {
        if (node.has("$ref")) {
            found.add(node.get("$ref").asString());
        }
        node.forEach(child -> references(child, found));
    }

    private static String user(String role) {
        return role.toLowerCase(Locale.ROOT).replace("_", "");
    }

    private static String token(String role) {
        String answer = send(
                        "POST",
                        "/api/v1/tokens",
                        null,
                        "application/json",
                        "{\"user\":\"" + user(role) + "\",\"password\":\"secret\"}")
                .body();
        return JSON.readTree(answer).get("token").asString();
    }

    private static HttpResponse<String> send(
            String method, String path, @Nullable String token, @Nullable String type, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(engine.address() + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return exchange(request);
    }

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static HttpResponse<String> exchange(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
