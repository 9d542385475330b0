/** The commands of the launcher. The only place that sees both the engine and its sandbox. */
@NullMarked
package io.sluice;

import org.jspecify.annotations.NullMarked;
