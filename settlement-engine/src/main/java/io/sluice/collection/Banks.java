package io.sluice.collection;

import io.sluice.bank.BankAdapter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The banks that this engine is connected to, by name. */
public final class Banks {

    private final Map<String, BankAdapter> byName;

    public Banks(List<BankAdapter> adapters) {
        this.byName = adapters.stream().collect(Collectors.toMap(BankAdapter::name, Function.identity()));
    }

    public Optional<BankAdapter> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** @throws NoSuchElementException when no such bank is configured: a setting is missing */
    public BankAdapter get(String name) {
        return find(name).orElseThrow(() -> new NoSuchElementException("No bank \"" + name + "\" is configured"));
    }

    /** Whether a bank gives each movement an id of its own; not of one that is not connected. */
    boolean nameEachMovement(String name) {
        return find(name).map(BankAdapter::namesEachMovement).orElse(false);
    }

    public Collection<BankAdapter> all() {
        return byName.values();
    }
}
