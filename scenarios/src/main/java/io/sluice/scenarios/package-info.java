/**
 * Plays stories, which are pages of business in Markdown tables, on the real engine with a real database, a real chain and a simulated
 * bank. The runner speaks to the engine as its users do, by HTTP, and judges it by what an auditor may read and by the bank's own books.
 */
@NullMarked
package io.sluice.scenarios;

import org.jspecify.annotations.NullMarked;
