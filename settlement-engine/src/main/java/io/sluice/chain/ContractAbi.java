package io.sluice.chain;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.web3j.protocol.core.methods.response.Log;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The committed ABI of a contract, which alone says how its calls, answers and events are encoded: our records give them names and types,
 * and one that differs from the ABI is a defect ({@link IllegalStateException}) at its first use, and in a test.
 */
final class ContractAbi {

    private static final int SELECTOR_DIGITS = 10;

    /** Whose refusals a payout or an anchoring can meet. */
    private static final List<String> REFUSE =
            List.of("RoyaltyDistributor", "PolicyGuard", "RoutingRuleRegistry", "StoreRegistry", "TestStablecoin");

    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, ContractAbi> KNOWN = new ConcurrentHashMap<>();
    private static final Map<Class<?>, Bound> BOUND = new ConcurrentHashMap<>();

    private final String name;
    private final JsonNode entries;

    ContractAbi(String name, JsonNode entries) {
        this.name = name;
        this.entries = entries;
    }

    /** What a record stands for. */
    private record Bound(String signature, List<AbiType.Parameter> inputs, List<AbiType.Parameter> outputs) {

        String topic() {
            return Hex.keccak(signature.getBytes(StandardCharsets.UTF_8));
        }

        String selector() {
            return topic().substring(0, 10);
        }
    }

    static ContractAbi of(String contract) {
        return KNOWN.computeIfAbsent(
                contract, name -> new ContractAbi(name, JSON.readTree(resource("/contracts/" + name + ".abi"))));
    }

    /** The contract's code before it is deployed, 0x-hexadecimal, with what its constructor is told. */
    String deployment(List<?> arguments) {
        return "0x" + resource("/contracts/" + name + ".bin").strip() + constructorArguments(arguments);
    }

    /** The encoded arguments, hexadecimal digits; whole numbers may be {@link Long}. */
    String constructorArguments(List<?> arguments) {
        List<AbiType.Parameter> inputs = list("constructor").stream()
                .findFirst()
                .map(entry -> AbiType.Parameter.all(entry.path("inputs")))
                .orElse(List.of());
        List<Object> plain = arguments.stream().map(ContractAbi::plain).toList();
        return AbiType.encodeAll(AbiType.types(inputs), plain);
    }

    static String call(ContractCall call) {
        Bound bound = bound(call.getClass());
        return bound.selector() + AbiType.encodeAll(AbiType.types(bound.inputs()), components((Record) call));
    }

    /** Reads what the contract answered; throws {@link ChainFailure} when it is not what the ABI promises. */
    static <R> R answer(ContractQuery<R> query, String data) {
        Bound bound = bound(query.getClass());
        try {
            List<Object> values = AbiType.decodeAll(AbiType.types(bound.outputs()), data.substring(2), 0);
            return query.answer()
                    .cast(values.size() == 1 ? java(values.getFirst(), query.answer()) : java(values, query.answer()));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ChainFailure(query + " was answered with " + data + ", expected " + bound.outputs(), e);
        }
    }

    /** The custom error of one of our contracts, with what it carries, such as {@code CapExceeded(storeId 7, …)}; empty for others. */
    static Optional<String> refusal(String data) {
        if (data.length() < SELECTOR_DIGITS) {
            return Optional.empty();
        }
        String selector = data.substring(0, SELECTOR_DIGITS).toLowerCase(Locale.ROOT);
        for (String contract : REFUSE) {
            for (JsonNode error : of(contract).list("error")) {
                List<AbiType.Parameter> inputs = AbiType.Parameter.all(error.path("inputs"));
                String known = error.path("name").asString();
                if (Hex.keccak((known + AbiType.signature(inputs)).getBytes(StandardCharsets.UTF_8))
                        .startsWith(selector)) {
                    return said(known, inputs, data.substring(SELECTOR_DIGITS));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> said(String error, List<AbiType.Parameter> inputs, String digits) {
        try {
            List<Object> values = AbiType.decodeAll(AbiType.types(inputs), digits, 0);
            return Optional.of(IntStream.range(0, inputs.size())
                    .mapToObj(i -> inputs.get(i).name() + " " + values.get(i))
                    .collect(Collectors.joining(", ", error + "(", ")")));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty(); // another contract's error of the same four bytes
        }
    }

    /** The topic by which an event's logs are found. */
    static String topic(Class<? extends ContractEvent> event) {
        return bound(event).topic();
    }

    /** The log as one of these events; empty when it is none of them. */
    static Optional<ContractEvent> read(List<Class<? extends ContractEvent>> events, Log log) {
        String topic = log.getTopics().isEmpty() ? "" : log.getTopics().getFirst();
        return events.stream()
                .filter(event -> topic(event).equalsIgnoreCase(topic))
                .findFirst()
                .flatMap(event -> read(event, log));
    }

    /** The events that an interface tells of. */
    static List<Class<? extends ContractEvent>> eventsOf(Class<?> contract) {
        return Arrays.stream(contract.getDeclaredClasses())
                .filter(nested -> nested.isRecord() && ContractEvent.class.isAssignableFrom(nested))
                .<Class<? extends ContractEvent>>map(nested -> nested.asSubclass(ContractEvent.class))
                .toList();
    }

    /** Checks a record against this ABI. */
    void check(Class<?> record) {
        bind(record);
    }

    private static <E extends ContractEvent> Optional<ContractEvent> read(Class<E> event, Log log) {
        List<AbiType.Parameter> parameters = bound(event).inputs();
        List<AbiType> unindexed = parameters.stream()
                .filter(parameter -> !parameter.indexed())
                .map(AbiType.Parameter::type)
                .toList();
        if (log.getTopics().size() != 1 + parameters.size() - unindexed.size()) {
            return Optional.empty(); // the same signature, indexed otherwise: another contract's
        }
        List<Object> values = new ArrayList<>(List.of(log.getAddress().toLowerCase(Locale.ROOT)));
        try {
            var data = AbiType.decodeAll(unindexed, log.getData().substring(2).toLowerCase(Locale.ROOT), 0)
                    .iterator();
            int topic = 1;
            for (AbiType.Parameter parameter : parameters) {
                values.add(
                        parameter.indexed()
                                ? parameter
                                        .type()
                                        .decode(
                                                log.getTopics()
                                                        .get(topic++)
                                                        .substring(2)
                                                        .toLowerCase(Locale.ROOT),
                                                0)
                                : data.next());
            }
            return Optional.of(event.cast(record(event, values)));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Bound bound(Class<?> record) {
        Bound known = BOUND.get(record);
        if (known == null) {
            Class<?> contract = record.getDeclaringClass();
            AbiOf named = contract == null ? null : contract.getAnnotation(AbiOf.class);
            if (contract == null) {
                throw new IllegalStateException(record + " is not nested in the contract that it belongs to");
            }
            known = of(named == null ? contract.getSimpleName() : named.value()).bind(record);
            BOUND.put(record, known);
        }
        return known;
    }

    private Bound bind(Class<?> record) {
        boolean event = ContractEvent.class.isAssignableFrom(record);
        String simple = record.getSimpleName();
        String entryName = event ? simple : simple.substring(0, 1).toLowerCase(Locale.ROOT) + simple.substring(1);
        List<RecordComponent> components = List.of(record.getRecordComponents());
        List<RecordComponent> told = event ? components.subList(1, components.size()) : components;
        List<String> found = new ArrayList<>();
        for (JsonNode entry : list(event ? "event" : "function")) {
            List<AbiType.Parameter> inputs;
            if (!entry.path("name").asString().equals(entryName)) {
                continue;
            }
            inputs = AbiType.Parameter.all(entry.path("inputs"));
            if (suit(inputs, told)) {
                return new Bound(
                        entryName + AbiType.signature(inputs), inputs, AbiType.Parameter.all(entry.path("outputs")));
            }
            found.add(entryName + described(inputs));
        }
        throw new IllegalStateException(
                record.getName() + told.stream().map(RecordComponent::toString).toList() + " is not what the ABI of "
                        + name + " says: " + found);
    }

    private List<JsonNode> list(String type) {
        List<JsonNode> list = new ArrayList<>();
        for (JsonNode entry : entries) {
            if (entry.path("type").asString().equals(type)) {
                list.add(entry);
            }
        }
        return list;
    }

    private static String described(List<AbiType.Parameter> parameters) {
        return parameters.stream()
                .map(parameter -> parameter.type().canonical() + " " + parameter.name())
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private static boolean suit(List<AbiType.Parameter> parameters, List<RecordComponent> components) {
        if (parameters.size() != components.size()) {
            return false;
        }
        for (int i = 0; i < parameters.size(); i++) {
            RecordComponent component = components.get(i);
            if (!parameters.get(i).name().equals(component.getName())
                    || !suits(parameters.get(i).type(), component.getGenericType())) {
                return false;
            }
        }
        return true;
    }

    private static boolean suits(AbiType abi, Type java) {
        return switch (abi) {
            case AbiType.Unsigned number ->
                java == BigInteger.class
                        || java == long.class
                        || java == int.class
                        || (number.bits() == 8 && java instanceof Class<?> type && type.isEnum());
            case AbiType.Bool _ -> java == boolean.class;
            case AbiType.AddressType _, AbiType.FixedBytes _, AbiType.Bytes _, AbiType.Text _ -> java == String.class;
            case AbiType.ListOf list ->
                java instanceof ParameterizedType type
                        && type.getRawType() == List.class
                        && suits(list.element(), type.getActualTypeArguments()[0]);
            case AbiType.Tuple tuple ->
                java instanceof Class<?> type
                        && type.isRecord()
                        && suit(tuple.parts(), List.of(type.getRecordComponents()));
        };
    }

    private static List<Object> components(Record record) {
        List<Object> values = new ArrayList<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                values.add(plain(component.getAccessor().invoke(record)));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException(record + " cannot be read", e);
            }
        }
        return values;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Integer number -> BigInteger.valueOf(number);
            case Long number -> BigInteger.valueOf(number);
            case Enum<?> constant -> BigInteger.valueOf(constant.ordinal()); // as Solidity numbers its own
            case List<?> list -> list.stream().map(ContractAbi::plain).toList();
            case Record struct -> components(struct);
            default -> value;
        };
    }

    private static Object java(Object value, Class<?> type) {
        if (value instanceof BigInteger number) {
            if (type == int.class || type == Integer.class) {
                return number.intValueExact();
            }
            if (type == long.class || type == Long.class) {
                return number.longValueExact();
            }
            if (type.isEnum()) {
                return type.getEnumConstants()[number.intValueExact()];
            }
        }
        return value instanceof List<?> values && type.isRecord() ? record(type, values) : value;
    }

    private static Object record(Class<?> type, List<?> values) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            arguments[i] = java(values.get(i), components[i].getType());
        }
        Function<RecordComponent, Class<?>> ofComponent = RecordComponent::getType;
        try {
            return type.getDeclaredConstructor(
                            Arrays.stream(components).map(ofComponent).toArray(Class<?>[]::new))
                    .newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(type.getSimpleName() + " refuses " + values, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private static String resource(String path) {
        try (InputStream in = ContractAbi.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("The class path has no " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The class path's " + path + " cannot be read", e);
        }
    }
}
