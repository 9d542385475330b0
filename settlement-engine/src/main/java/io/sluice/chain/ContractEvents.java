package io.sluice.chain;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.web3j.abi.EventEncoder;
import org.web3j.abi.TypeReference;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.Event;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.protocol.core.methods.response.Log;

/** Reads the logs whose shape we know; others are left out. */
final class ContractEvents {

    static final String TRANSFER = signature(
            "Transfer",
            new TypeReference<Address>(true) {},
            new TypeReference<Address>(true) {},
            new TypeReference<Uint256>() {});
    private static final List<Class<? extends ContractEvent>> OURS = Stream.of(
                    RoyaltyDistributor.class, RoutingRuleRegistry.class)
            .flatMap(contract -> ContractAbi.eventsOf(contract).stream())
            .toList();
    private static final int WORD = 64;
    private static final int ADDRESS_DIGITS = 40;

    private ContractEvents() {}

    static List<ChainEvent> read(List<Log> logs) {
        return logs.stream().map(ContractEvents::read).flatMap(Optional::stream).toList();
    }

    /** A transfer that a token reported. */
    static ChainEvent.TokenTransferred transfer(Log log) {
        return new ChainEvent.TokenTransferred(
                contract(log), address(topic(log, 1)), address(topic(log, 2)), number(word(log, 0)));
    }

    private static Optional<ChainEvent> read(Log log) {
        if (matches(log, TRANSFER, 3, 1)) {
            return Optional.of(transfer(log));
        }
        return ContractAbi.read(OURS, log).map(event -> event);
    }

    private static boolean matches(Log log, String signature, int topics, int words) {
        return log.getTopics().size() == topics
                && log.getTopics().getFirst().equalsIgnoreCase(signature)
                && log.getData().length() == 2 + words * WORD;
    }

    private static String contract(Log log) {
        return log.getAddress().toLowerCase(Locale.ROOT);
    }

    private static String topic(Log log, int position) {
        return log.getTopics().get(position).toLowerCase(Locale.ROOT);
    }

    private static String word(Log log, int position) {
        return log.getData()
                .substring(2 + position * WORD, 2 + (position + 1) * WORD)
                .toLowerCase(Locale.ROOT);
    }

    private static String address(String topic) {
        return "0x" + topic.substring(topic.length() - ADDRESS_DIGITS);
    }

    private static BigInteger number(String digits) {
        return new BigInteger(digits, 16);
    }

    private static String signature(String name, TypeReference<?>... parameters) {
        return EventEncoder.encode(new Event(name, List.of(parameters)));
    }
}
