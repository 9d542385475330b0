/**
 * What people look at: one live page, and the API's controllers that belong to no single capability. Reads everybody's queries; nobody depends on it.
 */
@NullMarked
package io.sluice.console;

import org.jspecify.annotations.NullMarked;
