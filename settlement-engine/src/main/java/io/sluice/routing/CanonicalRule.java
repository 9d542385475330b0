package io.sluice.routing;

import io.sluice.platform.Hashes;
import io.sluice.platform.Rejection;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
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

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
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
            RuleDocument rule = JSON.treeToValue(tree, RuleDocument.class);
            byte[] bytes = JSON.writeValueAsBytes(JSON.treeToValue(tree, Object.class));
            return new CanonicalRule(rule, bytes, Hashes.sha256(bytes));
        } catch (JacksonException e) {
            throw new Rejection("rule-invalid", "The document cannot be read: " + e.getOriginalMessage());
        }
    }
}
