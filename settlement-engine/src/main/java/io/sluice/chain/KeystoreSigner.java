package io.sluice.chain;

import java.math.BigInteger;
import java.util.Locale;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;

/** Signs with the key of a keystore file, held in memory while the engine runs. */
final class KeystoreSigner implements TransactionSigner {

    private final Credentials credentials;

    KeystoreSigner(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public String address() {
        return credentials.getAddress().toLowerCase(Locale.ROOT);
    }

    @Override
    public SignedTransaction sign(UnsignedTransaction transaction) {
        RawTransaction raw = RawTransaction.createTransaction(
                transaction.chainId(),
                transaction.bigNonce(),
                BigInteger.valueOf(transaction.gasLimit()),
                transaction.to(),
                BigInteger.ZERO,
                transaction.data(),
                transaction.fees().tip(),
                transaction.fees().maxFee());
        byte[] signed = TransactionEncoder.signMessage(raw, credentials);
        return new SignedTransaction(Hex.of(signed), Hex.keccak(signed));
    }
}
