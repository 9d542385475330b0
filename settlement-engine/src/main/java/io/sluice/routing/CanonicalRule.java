package io.sluice.routing;

import io.sluice.money.Portion;
import io.sluice.platform.Hashes;
import io.sluice.platform.JsonPlace;
import io.sluice.platform.Rejection;
import io.sluice.platform.RequiredFields;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The bytes that a rule document is known by: sorted keys, no white space, UTF-8 in NFC, numbers only as whole versions (a subset of RFC
 * 8785). Two documents that mean the same have the same bytes, and so the same SHA-256.
 *
 * @param bytes canonical
 * @param hash lower-case hex of their SHA-256
 */
record CanonicalRule(RuleDocument rule, byte[] bytes, String hash) {

    private static final Set<String> PORTIONS = Set.of("portion", "topUp", "expectedDeduction");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // "2" is not 2, nor is 2.0: each would be another hash of the same meaning.
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** @throws Rejection when it is not such a document: duplicate or unknown fields, text that is not NFC, wrong types */
    static CanonicalRule parse(byte[] document) {
        String text = new String(document, StandardCharsets.UTF_8);
        if (!Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
            throw new Rejection("rule-invalid", "The document's text is not in Unicode normal form C");
        }
        try {
            JsonNode tree = JSON.readTree(text);
            if (!tree.isObject()) {
                throw new Rejection("rule-invalid", "The document: found something else, expected an object");
            }
            RuleDocument rule = JSON.treeToValue(tree, RuleDocument.class);
            requireAll(rule);
            requireOneWriting("", tree);
            byte[] bytes = JSON.writeValueAsBytes(JSON.treeToValue(tree, Object.class));
            return new CanonicalRule(rule, bytes, Hashes.sha256(bytes));
        } catch (JacksonException e) {
            String place = JsonPlace.of(e);
            throw new Rejection(
                    "rule-invalid",
                    (place.isEmpty() ? "The document cannot be read" : place) + ": " + e.getOriginalMessage());
        }
    }

    private static void requireAll(RuleDocument rule) {
        try {
            RequiredFields.check(rule);
        } catch (IllegalArgumentException e) {
            throw new Rejection("rule-invalid", String.valueOf(e.getMessage()));
        }
    }

    /** Two writings of one meaning would be two hashes. */
    private static void requireOneWriting(String path, JsonNode node) {
        if (node.isObject()) {
            node.properties().forEach(field -> {
                String place = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                if (field.getValue().isNull() && !place.equals("previous")) {
                    throw new Rejection("rule-invalid", place + ": found null, expected a value, or no such field");
                }
                if (PORTIONS.contains(field.getKey())) {
                    requireLowestTerms(place, field.getValue().asString(""));
                }
                requireOneWriting(place, field.getValue());
            });
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                requireOneWriting(path + "[" + i + "]", node.get(i));
            }
        }
    }

    private static void requireLowestTerms(String path, String written) {
        String lowest = Portion.parse(written).toString();
        if (!lowest.equals(written)) {
            throw new Rejection(
                    "rule-invalid", path + ": found " + written + ", expected it in lowest terms, " + lowest);
        }
    }
}
