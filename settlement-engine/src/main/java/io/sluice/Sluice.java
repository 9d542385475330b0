package io.sluice;

public final class Sluice {
    private Sluice() {}

    public static void main(String[] args) {}
}
