package io.sluice.ledger;

import org.jspecify.annotations.Nullable;

/** A file of rows under named columns that is written while its rows come, in little memory. */
interface Table {

    /** @param cells texts, days and {@link io.sluice.money.Money}, of which only the amount is written; null is an empty cell */
    void add(@Nullable Object... cells);

    /** Without it the file is none. */
    void finish();
}
