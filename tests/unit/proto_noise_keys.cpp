#include "proto/noise_hash.hpp"

#include <gtest/gtest.h>
#include <numeric>
#include <sodium.h>

namespace p2pd::proto::noise {
namespace {

PublicKey key(std::string_view digits) {
  PublicKey out;
  EXPECT_TRUE(from_hex(digits, out.bytes));
  return out;
}

SecretHash counting_hash() {
  SecretHash out;
  std::iota(out.bytes.begin(), out.bytes.end(), std::uint8_t{0});
  return out;
}

// The expected values are those of Python's hmac module over hashlib.blake2b.
TEST(NoiseHash, HmacIsRfc2104WithABlockOf128) {
  const std::string expected = "56d20134eaed2944e0783f2143ba8bac665fa23ba63c40da4bf5b46f0b042775"
                               "1f55a64e62eb4db35c7e202a8465f677d117cb08596c78b05df0747800596167";
  EXPECT_EQ(hex(hmac(counting_hash(), {view("Hi There")}).bytes), expected);
  EXPECT_EQ(hex(hmac(counting_hash(), {view("Hi "), view(""), view("There")}).bytes), expected);
}

TEST(NoiseHash, HkdfChainsItsOutputs) {
  std::array<SecretHash, 3> three;
  hkdf(counting_hash(), view("input"), three);
  EXPECT_EQ(hex(three[0].bytes),
            "854ff4e7e6074bfe92f1a96cf706260641f9ba6fca788196587193a2664aed71"
            "dba5f8f8c078f3eedf196c3af46e417d0a8c8c43f79ead81c8714d03e501eded");
  EXPECT_EQ(hex(three[1].bytes),
            "ce5595eb115a20218998812f1f84dad889b56b766edaad0fd39d8268762d3e9f"
            "56b6507ac77dc73ca13b4c2f0e4b704ef3c3c40d98920e63df5c70239610d8ab");
  EXPECT_EQ(hex(three[2].bytes),
            "beb822d32dd50dffe84d52733d99602527506d06113800adb0420f3a909756ef"
            "18c4ce35880d93af067921ceeca8fe90a2a6f9dcd32d831d5b69467105193f19");
  std::array<SecretHash, 2> two;
  hkdf(counting_hash(), view("input"), two);
  EXPECT_EQ(two[1].bytes, three[1].bytes);
}

TEST(NoiseKeys, TwoNodesShareASecret) {
  const KeyPair alice = generate_key_pair(), bob = generate_key_pair();
  EXPECT_NE(alice.public_key, bob.public_key);
  EXPECT_EQ(key_pair_from(alice.private_key).public_key, alice.public_key);
  const auto one = diffie_hellman(alice.private_key, bob.public_key);
  const auto other = diffie_hellman(bob.private_key, alice.public_key);
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->bytes, other->bytes);
}

TEST(NoiseKeys, OneValueHasOneEncoding) {
  const std::string ones(60, 'f');
  EXPECT_TRUE(is_canonical(key(std::string(64, '0'))));
  EXPECT_TRUE(is_canonical(key("ec" + ones + "7f"))); // 2^255 - 20
  EXPECT_TRUE(is_canonical(key("ff" + ones + "7e")));
  EXPECT_TRUE(is_canonical(key("ff" + ones.substr(2) + "fe7f")));
  EXPECT_TRUE(is_canonical(key("fffe" + ones.substr(2) + "7f")));
  EXPECT_FALSE(is_canonical(key("ed" + ones + "7f"))); // 2^255 - 19, which is 0
  EXPECT_FALSE(is_canonical(key("f6" + ones + "7f"))); // the base point, 9, a second time
  EXPECT_FALSE(is_canonical(key("ff" + ones + "7f")));
  EXPECT_FALSE(is_canonical(key("09" + std::string(60, '0') + "80"))); // and with the top bit set
  EXPECT_FALSE(is_canonical(key(std::string(64, 'f'))));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(is_canonical(generate_key_pair().public_key));
}

TEST(NoiseKeys, PointsOfSmallOrderShareNothing) {
  const KeyPair mine = generate_key_pair();
  for (const char* point : {"0000000000000000000000000000000000000000000000000000000000000000",
                            "0100000000000000000000000000000000000000000000000000000000000000",
                            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"})
    EXPECT_FALSE(diffie_hellman(mine.private_key, key(point))) << point;
}

TEST(NoiseKeys, SecretsAreWiped) {
  alignas(PrivateKey) std::array<std::uint8_t, sizeof(PrivateKey)> memory;
  auto* secret = new (memory.data()) PrivateKey;
  secret->bytes.fill(0xaa);
  secret->~PrivateKey();
  EXPECT_TRUE(sodium_is_zero(memory.data(), memory.size()));
}

} // namespace
} // namespace p2pd::proto::noise
