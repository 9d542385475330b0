/**
 * Reads the bank's account reports, statements and notifications: camt.052, camt.053 and camt.054, versions 01 to 13.
 *
 * <p>A {@link io.sluice.bank.iso20022.CamtReader} streams the bytes and refuses as a whole what is not one well-formed message of a known
 * version, with a reason. What can be read but should not be booked as it stands is reported as {@link
 * io.sluice.bank.iso20022.Finding}s beside the data; {@link io.sluice.bank.iso20022.StatementProof} adds the economic ones. Whether a
 * statement follows the one before it, and whether the account is ours, is for the engine to decide.
 */
@NullMarked
package io.sluice.bank.iso20022;

import org.jspecify.annotations.NullMarked;
