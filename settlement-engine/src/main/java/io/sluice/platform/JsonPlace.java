package io.sluice.platform;

import tools.jackson.core.JacksonException;

/** Where in a document something is wrong, such as {@code stores[2].merchantId}; empty where the reader does not know. */
public final class JsonPlace {

    private JsonPlace() {}

    public static String of(JacksonException problem) {
        StringBuilder path = new StringBuilder();
        for (JacksonException.Reference step : problem.getPath()) {
            if (step.getPropertyName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            } else if (step.getIndex() >= 0) {
                path.append('[').append(step.getIndex()).append(']');
            }
        }
        return path.toString();
    }
}
