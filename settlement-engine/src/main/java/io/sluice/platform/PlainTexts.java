package io.sluice.platform;

import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/** No text of the API has a control character: PostgreSQL cannot hold them all, and none is meant. */
@Configuration(proxyBeanMethods = false)
class PlainTexts {

    @Bean
    JsonMapperBuilderCustomizer plainTextsOnly() {
        return mapper ->
                mapper.addModule(new SimpleModule("plain-texts").addDeserializer(String.class, new PlainText()));
    }

    private static final class PlainText extends StdScalarDeserializer<String> {

        PlainText() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) {
            String text = StringDeserializer.instance.deserialize(parser, context);
            if (text != null && text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(parser.currentName() + ": has a control character");
            }
            return text;
        }
    }
}
