// SPDX-License-Identifier: Apache-2.0

import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Date;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS12PfxPduBuilder;
import org.bouncycastle.pkcs.PKCS12SafeBag;
import org.bouncycastle.pkcs.PKCS12SafeBagBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS12SafeBagBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCS12MacCalculatorBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * BouncyCastleKeys KIND: a new key with its certificate, c.der, in every file that BouncyCastle makes of them in the
 * working directory, under the password "secret". KIND is RSA, Ed25519, Ed448 or the name of a curve, such as P-384.
 */
public final class BouncyCastleKeys {
    private static final char[] PASSWORD = "secret".toCharArray();

    public static void main(String[] arguments) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        KeyPair pair = pair(arguments[0]);
        PrivateKey key = pair.getPrivate();
        X509Certificate certificate = certificate(pair);
        write("c.der", certificate.getEncoded());
        write("key.der", key.getEncoded());
        pem("key.pem", new JcaPKCS8Generator(key, null));
        pem("key-aes.pem", encrypted(key, PKCS8Generator.AES_256_CBC));
        pem("key-3des.pem", encrypted(key, PKCS8Generator.PBE_SHA1_3DES));
        pem("key-old.pem", new JcaMiscPEMGenerator(key));
        pem("key-old-aes.pem", new JcaMiscPEMGenerator(key, new JcePEMEncryptorBuilder("AES-256-CBC").build(PASSWORD)));
        for (String kind : new String[] {"PKCS12", "PKCS12-3DES-40RC2", "PKCS12-3DES-3DES"}) {
            store(kind, key, certificate);
        }
        PKCS12SafeBagBuilder plain = new JcaPKCS12SafeBagBuilder(key);
        built("built-shrouded.p12", new JcaPKCS12SafeBagBuilder(key, encryptor()), certificate, false, true);
        built("built-plain.p12", plain, certificate, false, true);
        built("built-inside.p12", plain, certificate, true, true);
        built("built-bare.p12", plain, certificate, false, false);
    }

    private static KeyPair pair(String kind) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.startsWith("P-") ? "EC" : kind, "BC");
        if (kind.startsWith("P-")) {
            generator.initialize(new ECGenParameterSpec(kind));
        } else if (kind.equals("RSA")) {
            generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(KeyPair pair) throws Exception {
        String kind = pair.getPrivate().getAlgorithm();
        String algorithm = kind.equals("RSA") ? "SHA256withRSA" : kind.startsWith("Ed") ? kind : "SHA256withECDSA";
        X500Name name = new X500Name("CN=Acme " + kind + " CA");
        Date now = new Date(1767225600000L);
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
            name, BigInteger.ONE, now, new Date(now.getTime() + 315360000000L), name, pair.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        return new JcaX509CertificateConverter().getCertificate(
            builder.build(new JcaContentSignerBuilder(algorithm).setProvider("BC").build(pair.getPrivate())));
    }

    private static PKCS8Generator encrypted(PrivateKey key, ASN1ObjectIdentifier algorithm) throws Exception {
        return new JcaPKCS8Generator(
            key, new JceOpenSSLPKCS8EncryptorBuilder(algorithm).setProvider("BC").setPassword(PASSWORD).build());
    }

    private static void store(String kind, PrivateKey key, X509Certificate certificate) throws Exception {
        KeyStore store = KeyStore.getInstance(kind, "BC");
        store.load(null, null);
        store.setKeyEntry("ca", key, PASSWORD, new Certificate[] {certificate});
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.store(bytes, PASSWORD);
        write(kind.toLowerCase() + ".p12", bytes.toByteArray());
    }

    private static void built(
            String name, PKCS12SafeBagBuilder key, X509Certificate certificate, boolean isEncrypted, boolean hasMAC)
            throws Exception {
        key.addBagAttribute(PKCS12SafeBag.friendlyNameAttribute, new DERBMPString("ca"));
        PKCS12SafeBag[] bags = {key.build(), new JcaPKCS12SafeBagBuilder(certificate).build()};
        PKCS12PfxPduBuilder file = new PKCS12PfxPduBuilder();
        if (isEncrypted) {
            file.addEncryptedData(encryptor(), bags);
        } else {
            file.addData(bags[0]).addData(bags[1]);
        }
        JcePKCS12MacCalculatorBuilder mac = new JcePKCS12MacCalculatorBuilder().setProvider("BC");
        write(name, file.build(hasMAC ? mac : null, PASSWORD).getEncoded());
    }

    private static OutputEncryptor encryptor() throws Exception {
        return new JcePKCSPBEOutputEncryptorBuilder(NISTObjectIdentifiers.id_aes256_CBC)
            .setProvider("BC").build(PASSWORD);
    }

    private static void pem(String name, PemObjectGenerator content) throws Exception {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(content);
        }
        write(name, text.toString().getBytes());
    }

    private static void write(String name, byte[] bytes) throws Exception {
        Files.write(Path.of(name), bytes);
    }
}
