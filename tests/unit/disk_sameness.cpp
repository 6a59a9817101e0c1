#include "daemon/disk/sameness.hpp"

#include <gtest/gtest.h>

namespace p2pd::disk {
namespace {

constexpr FileSystem ext4{5, true};
constexpr FileSystem fuse{0, false};

Identity identity(std::uint64_t size, std::int64_t mtime_ns, std::uint64_t inode) {
  Identity made;
  made.size = size;
  made.mtime_ns = mtime_ns;
  made.inode = inode;
  return made;
}
const Identity hashed = identity(100, 1'500'000'000'123'456'789, 11);

TEST(SamenessTest, SameWhereNothingDiffers) {
  EXPECT_EQ(compare(hashed, 5, hashed, ext4), Sameness::same);
  EXPECT_EQ(compare(hashed, 0, hashed, ext4), Sameness::same) << "it was not known where it was";
  EXPECT_EQ(compare(hashed, 0, hashed, fuse), Sameness::same);
}

TEST(SamenessTest, OtherWhereItWasWrittenIntoOrReplaced) {
  EXPECT_EQ(compare(hashed, 5, identity(101, hashed.mtime_ns, 11), ext4), Sameness::other);
  EXPECT_EQ(compare(hashed, 5, identity(100, hashed.mtime_ns + 1, 11), ext4), Sameness::other);
  EXPECT_EQ(compare(hashed, 5, identity(100, hashed.mtime_ns, 12), ext4), Sameness::other)
      << "a copy of an older version that has its times, as cp -a and rsync restore it";
}

TEST(SamenessTest, OtherWhereItWasTouchedSince) {
  Identity known = hashed;
  known.changed_ns = 1000;
  Identity found = hashed;
  found.changed_ns = 1000;
  EXPECT_EQ(compare(known, 5, found, ext4), Sameness::same);
  found.changed_ns = 1001;
  EXPECT_EQ(compare(known, 5, found, ext4), Sameness::other)
      << "somebody wrote into it and restored its time";
  EXPECT_EQ(compare(known, 0, found, fuse), Sameness::other);
  EXPECT_EQ(compare(known, 6, found, ext4), Sameness::alike) << "as each copy on a new disk is";
  EXPECT_EQ(compare(hashed, 5, found, ext4), Sameness::same) << "it was not known when";
}

TEST(SamenessTest, AlikeWhereInodesDoNotLast) {
  const Identity found = identity(100, hashed.mtime_ns, 12);
  EXPECT_EQ(compare(hashed, 0, found, fuse), Sameness::alike) << "mounted again";
  EXPECT_EQ(compare(hashed, 6, found, ext4), Sameness::alike) << "a copy on a new disk";
  EXPECT_EQ(compare(hashed, 6, hashed, ext4), Sameness::alike) << "the same number by chance";
  EXPECT_EQ(compare(hashed, 5, found, fuse), Sameness::alike);
}

TEST(SamenessTest, TimesInCoarserUnits) {
  for (const std::int64_t unit : {100LL, 1'000LL, 1'000'000'000LL, 2'000'000'000LL})
    EXPECT_EQ(compare(hashed, 5, identity(100, hashed.mtime_ns - hashed.mtime_ns % unit, 11), ext4),
              Sameness::alike)
        << unit;
}

TEST(SamenessTest, SamplesTheEndsAndSomeBetween) {
  std::mt19937_64 chance(1);
  EXPECT_EQ(sample(0, chance), std::vector<std::uint32_t>());
  EXPECT_EQ(sample(3, chance), (std::vector<std::uint32_t>{0, 1, 2}));
  const std::vector<std::uint32_t> some = sample(1000, chance);
  EXPECT_EQ(some.size(), 4U);
  EXPECT_EQ(some.front(), 0U);
  EXPECT_EQ(some.back(), 999U);
}

} // namespace
} // namespace p2pd::disk
