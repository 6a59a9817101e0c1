#include "daemon/disk/part_mark.hpp"

#include <gtest/gtest.h>

namespace p2pd::disk {
namespace {

constexpr std::int64_t second = 1'000'000'000;
const PartMark saved{7, 3, 11, 5, 1000 * second};

TEST(PartMarkTest, HoldsWhatWasSynced) {
  EXPECT_TRUE(holds_what_was_synced(saved, saved));
  EXPECT_TRUE(holds_what_was_synced(saved, {7, 4, 11, 5, 1020 * second}))
      << "a crash came between the sync and the database";
  EXPECT_TRUE(holds_what_was_synced(saved, {7, 3, 0, 0, 1000 * second}))
      << "on a file system whose inodes do not last, and that has no id";
}

TEST(PartMarkTest, IsAnotherCopy) {
  EXPECT_FALSE(holds_what_was_synced(saved, {7, 2, 11, 5, 1000 * second})) << "an older one";
  EXPECT_FALSE(holds_what_was_synced(saved, {8, 3, 11, 5, 1000 * second})) << "hashed since then";
  EXPECT_FALSE(holds_what_was_synced(saved, {0, 0, 11, 5, 1000 * second})) << "without a tag";
  EXPECT_FALSE(holds_what_was_synced(saved, {7, 3, 12, 5, 1000 * second})) << "another file";
  EXPECT_FALSE(holds_what_was_synced(saved, {7, 3, 11, 6, 1000 * second})) << "on another disk";
  EXPECT_FALSE(holds_what_was_synced(saved, {7, 3, 11, 5, 1061 * second})) << "written into since";
}

TEST(PartMarkTest, NothingSavedIsHeldByNothing) {
  EXPECT_FALSE(holds_what_was_synced({}, {}));
  EXPECT_FALSE(holds_what_was_synced({}, saved));
}

} // namespace
} // namespace p2pd::disk
