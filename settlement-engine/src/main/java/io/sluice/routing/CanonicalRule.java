package io.sluice.routing;

import io.sluice.platform.Hashes;
import io.sluice.platform.JsonPlace;
import io.sluice.platform.Rejection;
import io.sluice.platform.RequiredFields;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
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
        String text = decoded(document);
        if (!Normalizer.isNormalized(text, Normalizer.Form.NFC)) {
            throw new Rejection("rule-invalid", "The document's text is not in Unicode normal form C");
        }
        try {
            JsonNode tree = JSON.readTree(text);
            if (!tree.isObject()) {
                throw new Rejection(
                        "rule-invalid",
                        "The document: found "
                                + (tree.isMissingNode() ? "nothing" : tree.isArray() ? "a list" : "a single value")
                                + ", expected an object");
            }
            RuleDocument rule = JSON.treeToValue(tree, RuleDocument.class);
            requireAll(rule);
            requireOneWriting("", tree, JSON.valueToTree(rule));
            byte[] bytes = JSON.writeValueAsBytes(JSON.treeToValue(tree, Object.class));
            return new CanonicalRule(rule, bytes, Hashes.sha256(bytes));
        } catch (JacksonException e) {
            throw new Rejection("rule-invalid", JsonPlace.problem(e, "The document"));
        }
    }

    /** Bytes that are no UTF-8 would all be read as the same mark: different documents of one hash. */
    private static String decoded(byte[] document) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(document))
                    .toString();
            if (text.startsWith("\ufeff")) {
                throw new Rejection(
                        "rule-invalid", "The document: found a byte order mark, expected it to begin with an object");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new Rejection("rule-invalid", "The document: found bytes that are not UTF-8");
        }
    }

    private static void requireAll(RuleDocument rule) {
        try {
            RequiredFields.check(rule);
        } catch (IllegalArgumentException e) {
            throw new Rejection("rule-invalid", String.valueOf(e.getMessage()));
        }
    }

    /**
     * Two writings of one meaning would be two hashes: what the reader makes of a value, as this type writes it, is what was found. A portion
     * is in lowest terms, a day has no time, and a place in an enum is not its name.
     */
    private static void requireOneWriting(String path, JsonNode found, JsonNode written) {
        if (found.isObject() && written.isObject()) {
            found.properties().forEach(field -> {
                String place = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                if (field.getValue().isNull() && !place.equals("previous")) {
                    throw new Rejection("rule-invalid", place + ": found null, expected a value, or no such field");
                }
                requireOneWriting(place, field.getValue(), written.path(field.getKey()));
            });
        } else if (found.isArray() && written.isArray()) {
            for (int i = 0; i < found.size(); i++) {
                requireOneWriting(path + "[" + i + "]", found.get(i), written.path(i));
            }
        } else {
            if (found.isString()) {
                requireWholeCharacters(path, found.asString());
            }
            if (!found.equals(written)) {
                throw new Rejection("rule-invalid", path + ": found " + found + ", expected it written as " + written);
            }
        }
    }

    /** Half a surrogate pair, written as an escape, has no UTF-8: it would be hashed as a question mark. */
    private static void requireWholeCharacters(String path, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new Rejection("rule-invalid", path + ": found half of a surrogate pair, expected whole characters");
        }
    }
}
