#include "daemon/disk/manifest_memory.hpp"

#include <gtest/gtest.h>

namespace p2pd::disk {
namespace {

TEST(ManifestMemory, CountsUntilTheLastHolderIsGone) {
  ManifestMemory memory;
  auto value = memory.charged(std::make_shared<const int>(7), 100);
  const auto other = value;
  EXPECT_EQ(*value, 7);
  EXPECT_EQ(memory.bytes(), 100u);
  value.reset();
  EXPECT_EQ(memory.bytes(), 100u);
}

TEST(ManifestMemory, CountsWhatGrowsAndShrinks) {
  ManifestMemory memory;
  {
    ManifestMemory::Charge one(memory, 10);
    ManifestMemory::Charge two(memory);
    two.set(5);
    EXPECT_EQ(memory.bytes(), 15u);
    one.set(1);
    EXPECT_EQ(memory.bytes(), 6u);
  }
  EXPECT_EQ(memory.bytes(), 0u);
}

TEST(ManifestMemory, KnowsWhatADecodedOneTakes) {
  proto::Manifest manifest;
  manifest.hashes.resize(1000);
  const std::size_t hashes = encode(manifest).size();
  const std::size_t before = memory_of(manifest, hashes);
  EXPECT_GE(before, 1000 * sizeof(proto::Digest));
  EXPECT_LE(hashes + memory_of(manifest, hashes), most_memory_of(hashes));
  manifest.entries.push_back({proto::Entry::Kind::symlink, std::string(100, 'p'), 0, 0, "short"});
  const std::size_t all = encode(manifest).size();
  EXPECT_GE(memory_of(manifest, all), before + sizeof(proto::Entry) + 100);
  EXPECT_LE(all + memory_of(manifest, all), most_memory_of(all));
}

} // namespace
} // namespace p2pd::disk
