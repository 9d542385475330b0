package io.sluice.bank;

import java.util.Map;

/** The answer that this bank takes as "received": some banks want it signed. */
public record Acknowledgement(int httpStatus, Map<String, String> headers, byte[] body) {}
