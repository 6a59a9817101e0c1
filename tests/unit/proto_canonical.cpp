// What the encoder writes is what the canonical reader reads, and nothing else is.
#include "proto/canonical.hpp"

#include "tests/unit/proto_support.hpp"

#include <limits>

namespace p2pd::proto {
namespace {

constexpr std::uint64_t any = std::numeric_limits<std::uint64_t>::max();

// Around each power of two, where the forms change.
std::vector<std::uint64_t> numbers() {
  std::vector<std::uint64_t> all{0};
  for (unsigned bit = 0; bit < 64; ++bit)
    for (const std::uint64_t near : {-1, 0, 1}) all.push_back((std::uint64_t{1} << bit) + near);
  all.push_back(any);
  return all;
}

TEST(Canonical, NaturalsAreReadAsTheyAreWritten) {
  for (const std::uint64_t number : numbers()) {
    const Bytes bytes = encoded([&](Encoder& out) { out.natural(number); });
    CanonicalReader in(bytes);
    EXPECT_EQ(in.natural(any), number);
    in.finish();
    if (number == 0) continue;
    EXPECT_EQ(refusal([&] { CanonicalReader(bytes).natural(number - 1); }),
              "a number is out of range");
  }
}

TEST(Canonical, IntegersAreReadAsTheyAreWritten) {
  for (const std::uint64_t number : numbers())
    for (const auto value :
         {static_cast<std::int64_t>(number), -static_cast<std::int64_t>(number >> 1)}) {
      const Bytes bytes = encoded([&](Encoder& out) { out.integer(value); });
      CanonicalReader in(bytes);
      EXPECT_EQ(in.integer(), value);
      in.finish();
    }
}

TEST(Canonical, LengthsAndCountsAreReadAsTheyAreWritten) {
  for (const std::size_t size : {0, 1, 15, 16, 255, 256, 65'535, 65'536}) {
    const Bytes content(size, 7);
    const Bytes bytes = encoded([&](Encoder& out) { out.bin(content); });
    CanonicalReader in(bytes);
    EXPECT_EQ(in.bin(size).size(), size);
    in.finish();
    const Bytes list = encoded([&](Encoder& out) { out.array(size); });
    EXPECT_EQ(CanonicalReader(list).array(size), size);
  }
}

TEST(Canonical, LongerFormsAreRefused) {
  for (const char* form : {"cc7f", "cd00ff", "ce0000ffff", "cf00000000ffffffff", "d001"})
    EXPECT_EQ(refusal([&] { CanonicalReader(raw(form)).natural(any); }), "not in canonical form");
  for (const char* form : {"d0e0", "d1ff80", "d2ffff8000", "d3ffffffff80000000", "d07f"})
    EXPECT_EQ(refusal([&] { CanonicalReader(raw(form)).integer(); }), "not in canonical form");
  for (const char* form : {"c50001ff", "c60000000100"})
    EXPECT_EQ(refusal([&] { CanonicalReader(raw(form)).bin(9); }), "not in canonical form");
  for (const char* form : {"dc000f", "dd0000ffff"})
    EXPECT_EQ(refusal([&] { CanonicalReader(raw(form)).array(any); }), "not in canonical form");
}

} // namespace
} // namespace p2pd::proto
