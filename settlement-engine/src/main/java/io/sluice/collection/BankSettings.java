package io.sluice.collection;

import io.sluice.bank.BankAdapter;
import io.sluice.bank.airwallex.AirwallexBank;
import io.sluice.bank.clearbank.ClearBank;
import io.sluice.bank.folder.FolderBank;
import io.sluice.bank.folder.FolderSettings;
import io.sluice.bank.increase.IncreaseBank;
import io.sluice.bank.iso20022.CreditTransferFile;
import io.sluice.bank.meridian.MeridianBank;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which banks there are: those of which anything is set. A bank with an API has {@code sluice.bank.NAME.url} and {@code
 * sluice.bank.NAME.keys}, a properties file; a bank of files has {@code sluice.bank.folder.in}, {@code .out}, {@code .sent}, {@code
 * .debtor} and, where wanted, {@code .bic} and {@code .scheme} (SCT or INSTANT).
 */
final class BankSettings {

    private static final String PREFIX = "sluice.bank.";
    private static final String FOLDER = "folder";
    private static final List<String> FOLDERS = List.of("in", "out", "sent");

    private final UnaryOperator<@Nullable String> settings;
    private final InstantSource clock;
    private final List<String> wrong = new ArrayList<>();

    /** @param settings the value of a setting by its name; null where it is not set */
    BankSettings(UnaryOperator<@Nullable String> settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * The banks that are set.
     *
     * @throws IllegalArgumentException with one sentence for each setting that is missing or cannot be right; no key stands in one
     */
    List<BankAdapter> banks() {
        List<BankAdapter> banks = new ArrayList<>();
        new TreeMap<String, BiFunction<URI, Path, BankAdapter>>(java.util.Map.of(
                        "airwallex", AirwallexBank::fromKeys,
                        "clearbank", ClearBank::fromKeys,
                        "increase", (url, keys) -> IncreaseBank.fromKeys(url, keys, clock),
                        "meridian", MeridianBank::fromKeys))
                .forEach((name, maker) -> add(banks, api(name, maker)));
        add(banks, folder());
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", wrong));
        }
        return banks;
    }

    private static void add(List<BankAdapter> banks, @Nullable BankAdapter bank) {
        if (bank != null) {
            banks.add(bank);
        }
    }

    private @Nullable BankAdapter api(String name, BiFunction<URI, Path, BankAdapter> maker) {
        if (isUnset(name, List.of("url", "keys"))) {
            return null;
        }
        String url = required(name, "url");
        String keys = required(name, "keys");
        if (url == null || keys == null) {
            return null;
        }
        try {
            return maker.apply(URI.create(url), Path.of(keys));
        } catch (IllegalArgumentException | DateTimeException e) {
            wrong.add("Bank " + name + " cannot be used as it is set (" + PREFIX + name + ".url, " + PREFIX + name
                    + ".keys): " + e.getMessage() + ".");
            return null;
        }
    }

    private @Nullable BankAdapter folder() {
        List<String> parts = List.of("in", "out", "sent", "debtor", "bic", "scheme");
        if (isUnset(FOLDER, parts)) {
            return null;
        }
        List<@Nullable String> folders =
                FOLDERS.stream().map(part -> folder(part)).toList();
        String debtor = required(FOLDER, "debtor");
        CreditTransferFile.Scheme scheme = scheme();
        String in = folders.get(0);
        String out = folders.get(1);
        String sent = folders.get(2);
        if (in == null || out == null || sent == null || debtor == null || scheme == null) {
            return null;
        }
        try {
            return new FolderBank(new FolderSettings(
                    FOLDER,
                    Path.of(in),
                    Path.of(out),
                    Path.of(sent),
                    new CreditTransferFile.Debtor(debtor, value(FOLDER, "bic")),
                    scheme,
                    clock));
        } catch (IllegalArgumentException e) {
            wrong.add("Bank folder cannot be used as it is set (" + PREFIX + "folder): " + e.getMessage() + ".");
            return null;
        }
    }

    private @Nullable String folder(String part) {
        String path = required(FOLDER, part);
        try {
            if (path == null || Files.isDirectory(Path.of(path))) {
                return path;
            }
        } catch (InvalidPathException e) {
            // said below
        }
        wrong.add(PREFIX + FOLDER + "." + part + " must name a folder that is there, was " + path + ".");
        return null;
    }

    private CreditTransferFile.@Nullable Scheme scheme() {
        String scheme = value(FOLDER, "scheme");
        if (scheme == null) {
            return CreditTransferFile.Scheme.SCT;
        }
        return Arrays.stream(CreditTransferFile.Scheme.values())
                .filter(known -> known.name().equalsIgnoreCase(scheme))
                .findFirst()
                .orElseGet(() -> {
                    wrong.add(PREFIX + "folder.scheme must be SCT or INSTANT, was " + scheme + ".");
                    return null;
                });
    }

    private boolean isUnset(String bank, List<String> parts) {
        return parts.stream().allMatch(part -> value(bank, part) == null);
    }

    private @Nullable String required(String bank, String part) {
        String value = value(bank, part);
        if (value == null) {
            String name = PREFIX + bank + "." + part;
            wrong.add("Bank " + bank + " is set in part: " + name + " is missing ("
                    + name.toUpperCase(Locale.ROOT).replace('.', '_') + " in the environment).");
        }
        return value;
    }

    private @Nullable String value(String bank, String part) {
        String value = settings.apply(PREFIX + bank + "." + part);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
