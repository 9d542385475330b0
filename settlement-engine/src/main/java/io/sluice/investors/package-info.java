/**
 * Who is paid, on which rail and where. Payout details are personal data: kept encrypted under a key that can be destroyed, never in
 * events or logs.
 */
@NullMarked
package io.sluice.investors;

import org.jspecify.annotations.NullMarked;
