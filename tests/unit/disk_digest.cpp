#include "daemon/disk/digest.hpp"

#include <gtest/gtest.h>
#include <random>
#include <sodium.h>

namespace p2pd::disk {
namespace {

using proto::Bytes;
using proto::Digest;
using proto::View;

constexpr std::array paths{Path::scalar, Path::lanes4, Path::lanes8};

Digest blake2b(View bytes, std::string_view personal) {
  std::array<std::uint8_t, crypto_generichash_blake2b_PERSONALBYTES> padded{};
  std::copy(personal.begin(), personal.end(), padded.begin());
  Digest digest;
  crypto_generichash_blake2b_salt_personal(digest.bytes.data(), digest.bytes.size(), bytes.data(),
                                           bytes.size(), nullptr, 0, nullptr, padded.data());
  return digest;
}

// The definition, word for word.
Digest reference(View chunk) {
  Bytes leaves;
  for (std::size_t at = 0; at < chunk.size(); at += leaf_size) {
    const Digest leaf =
        blake2b(chunk.subspan(at, std::min(leaf_size, chunk.size() - at)), "p2pd.leaf");
    leaves.insert(leaves.end(), leaf.bytes.begin(), leaf.bytes.end());
  }
  return blake2b(leaves, "p2pd.chunk");
}

Bytes random_bytes(std::size_t size, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Bytes bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

TEST(Digest, EveryPathIsLibsodiumForAnyLengthAndAlignment) {
  constexpr std::size_t longest = 40 * leaf_size;
  const Bytes bytes = random_bytes(longest + 64, 1);
  std::mt19937 random(2);
  for (const Path path : paths) {
    if (!supported(path)) continue;
    for (int i = 0; i < 120; ++i) {
      std::size_t length = random() % longest;
      if (i % 3 == 0) length -= length % leaf_size;                       // full leaves only
      if (i % 3 == 1) length = length - length % leaf_size + (i % 2) * 2; // none or two bytes more
      const View chunk = View(bytes).subspan(random() % 64, length);
      EXPECT_EQ(chunk_hash(chunk, path), reference(chunk))
          << "path " << static_cast<int>(path) << ", length " << length;
    }
  }
}

TEST(Digest, EveryPathAgreesOnEachCountOfLeaves) {
  const Bytes bytes = random_bytes(17 * leaf_size, 3);
  for (const Path path : paths) {
    if (!supported(path)) continue;
    for (std::size_t leaves = 0; leaves <= 17; ++leaves)
      for (const std::size_t less : {std::size_t{0}, std::size_t{1}}) {
        if (leaves * leaf_size < less) continue;
        const View chunk = View(bytes).first(leaves * leaf_size - less);
        EXPECT_EQ(chunk_hash(chunk, path), reference(chunk));
      }
  }
}

TEST(Digest, TheBestPathIsSupported) {
  EXPECT_TRUE(supported(Path::scalar));
  EXPECT_TRUE(supported(best_path()));
  const Bytes bytes = random_bytes(300'000, 4);
  EXPECT_EQ(chunk_hash(bytes), reference(bytes));
}

TEST(Digest, FindsZeros) {
  Bytes bytes(100'000, 0);
  for (const std::size_t size : {0U, 1U, 63U, 64U, 65U, 4096U, 100'000U}) {
    EXPECT_TRUE(all_zero(View(bytes).first(size)));
    for (const std::size_t at : {std::size_t{0}, size / 2, size - 1}) {
      if (at >= size) continue;
      bytes[at] = 1;
      EXPECT_FALSE(all_zero(View(bytes).first(size))) << "size " << size << ", at " << at;
      bytes[at] = 0;
    }
  }
}

TEST(Digest, KnowsTheHashOfZeros) {
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, leaf_size - 1, leaf_size,
                                   leaf_size + 1, 32 * leaf_size, 256 * leaf_size})
    EXPECT_EQ(zero_chunk_hash(length), reference(Bytes(length, 0))) << length;
}

} // namespace
} // namespace p2pd::disk
