/**
 * Meridian Bank: JSON over HTTP, Standard Webhooks in, camt.053 statements. Every order is classified as the bank's yes, its no, or not
 * known; no call is repeated here, follows a redirect, or outlasts its deadline.
 */
@NullMarked
package io.sluice.bank.meridian;

import org.jspecify.annotations.NullMarked;
