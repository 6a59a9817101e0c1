#include "daemon/io/recycled.hpp"

#include <gtest/gtest.h>

namespace p2pd::io {
namespace {

struct Sized : Recycled {
  virtual ~Sized() = default;
};
struct Larger final : Sized {
  std::uint8_t more[1000] = {};
};

// Also where it is freed as what it is not by name; but never where a sanitizer watches, which
// keeps what was freed from everybody.
TEST(Recycled, GivesWhatWasFreedToTheNextOfItsSize) {
  const bool watched = &recycled() == std::pmr::new_delete_resource();
  std::unique_ptr<Sized> first = std::make_unique<Larger>();
  const void* const place = first.get();
  const auto other = std::make_unique<Sized>();
  first.reset();
  first = std::make_unique<Larger>();
  EXPECT_EQ(first.get() == place, !watched);
  EXPECT_NE(other.get(), place);
}

TEST(Recycled, KeepsTheMemoryOfByteStringsThatAreSmall) {
  std::vector<std::uint8_t> bytes(100, 7);
  const std::uint8_t* const place = bytes.data();
  recycle(std::move(bytes));
  recycle({}); // has nothing to keep
  recycle(std::vector<std::uint8_t>(1 << 20));
  bytes = spare_bytes();
  EXPECT_TRUE(bytes.empty());
  EXPECT_EQ(bytes.capacity(), 100U);
  EXPECT_EQ(bytes.data(), place);
}

} // namespace
} // namespace p2pd::io
