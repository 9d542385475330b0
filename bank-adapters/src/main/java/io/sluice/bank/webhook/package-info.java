/**
 * Standard Webhooks 1.0, shared by banks that push: HMAC-SHA256 over id, timestamp and the very bytes of the body, under the header names
 * of the standard or of Svix. It decides whether a delivery is the bank's own and recent; that it is handled once is the inbox's promise.
 */
@NullMarked
package io.sluice.bank.webhook;

import org.jspecify.annotations.NullMarked;
