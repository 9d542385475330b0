/**
 * What the adapters share towards the banks' APIs: one question with a deadline, strict JSON with exact money, and keys that show
 * themselves to nobody. What a bank means by its answers is for its own package.
 */
@NullMarked
package io.sluice.bank.wire;

import org.jspecify.annotations.NullMarked;
