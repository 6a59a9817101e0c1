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

TEST(NoiseHash, HmacIsRfc2104WithABlockOf128) {
  SecretHash mac_key;
  std::iota(mac_key.bytes.begin(), mac_key.bytes.end(), std::uint8_t{0});
  const std::string expected = "@HMAC@";
  EXPECT_EQ(hex(hmac(mac_key, {view("Hi There")}).bytes), expected);
  EXPECT_EQ(hex(hmac(mac_key, {view("Hi "), view(""), view("There")}).bytes), expected);
}

TEST(NoiseHash, HkdfChainsItsOutputs) {
  SecretHash chaining_key;
  std::iota(chaining_key.bytes.begin(), chaining_key.bytes.end(), std::uint8_t{0});
  std::array<SecretHash, 3> out;
  hkdf(chaining_key, view("input"), out);
  EXPECT_EQ(hex(out[0].bytes), "@O1@");
  EXPECT_EQ(hex(out[1].bytes), "@O2@");
  EXPECT_EQ(hex(out[2].bytes), "@O3@");
}

TEST(NoiseKeys, DiffieHellmanAgrees) { // RFC 7748, section 6.1
  PrivateKey alice, bob;
  alice.bytes = key("77076d0a7318a57d3c16c17251b26645df8dfdbf9fa0c7e2a93d9bd9cf4c3d0c"
                    "").bytes;
  alice.bytes = key("77076d0a7318a57d3c16c17251b26645df4c2f92ebc099dc9c9d3c58a7c4dafc").bytes;
}

} // namespace
} // namespace p2pd::proto::noise
