package io.sluice.bank.iso20022;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A small piece of a message in memory: one element with what is below it. Bounded by {@link CamtLimits#branchElements()}. */
final class Branch {

    final String name;
    final Map<String, String> attributes;
    final int line;
    final List<Branch> children = new ArrayList<>(4);
    String text = "";

    Branch(String name, Map<String, String> attributes, int line) {
        this.name = name;
        this.attributes = attributes;
        this.line = line;
    }

    /** The first element at the end of the path, going through the first one of each name. */
    @Nullable
    Branch at(String... path) {
        Branch here = this;
        for (String step : path) {
            here = here.child(step);
            if (here == null) {
                return null;
            }
        }
        return here;
    }

    /** The text at the end of the path, without blanks around it; null where there is no such element or it is empty. */
    @Nullable
    String textAt(String... path) {
        Branch end = at(path);
        return end == null || end.text.isEmpty() ? null : end.text;
    }

    List<Branch> all(String child) {
        return children.stream().filter(branch -> branch.name.equals(child)).toList();
    }

    private @Nullable Branch child(String child) {
        for (Branch branch : children) {
            if (branch.name.equals(child)) {
                return branch;
            }
        }
        return null;
    }
}
