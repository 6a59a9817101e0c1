#include "daemon/disk/part_mark.hpp"

#include <gtest/gtest.h>

namespace p2pd::disk {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t then = 1000 * second + 7 * ms;
constexpr std::int64_t never = 0; // was this machine started since then
const PartMark saved{7, 3, 11, 5, then, then - 3 * ms};

// As `saved`, but changed and written by p2pd so much later.
PartMark later(std::int64_t changed, std::int64_t wrote) {
  return {7, 3, 11, 5, then + changed, then + wrote};
}

bool holds_what_was_synced(const PartMark& before, const PartMark& found) {
  return disk::holds_what_was_synced(before, found, never);
}

TEST(PartMarkTest, HoldsWhatWasSynced) {
  EXPECT_TRUE(holds_what_was_synced(saved, saved));
  EXPECT_TRUE(holds_what_was_synced(saved, {7, 4, 11, 5, then + second, then + second}))
      << "a crash came between the sync and the database";
  EXPECT_TRUE(holds_what_was_synced(saved, {7, 3, 0, 0, then, then}))
      << "on a file system whose inodes do not last, and that has no id";
}

TEST(PartMarkTest, IsAnotherCopy) {
  EXPECT_FALSE(holds_what_was_synced(saved, {7, 2, 11, 5, then, then})) << "an older one";
  EXPECT_FALSE(holds_what_was_synced(saved, {8, 3, 11, 5, then, then})) << "hashed since then";
  EXPECT_FALSE(holds_what_was_synced(saved, {0, 0, 11, 5, then, then})) << "without a tag";
  EXPECT_FALSE(holds_what_was_synced(saved, {7, 3, 12, 5, then, then})) << "another file";
  EXPECT_FALSE(holds_what_was_synced(saved, {7, 3, 11, 6, then, then})) << "on another disk";
}

TEST(PartMarkTest, TellsItsOwnWritesFromThoseOfOthers) {
  EXPECT_TRUE(holds_what_was_synced(saved, later(800 * ms, 805 * ms))) << "p2pd was killed";
  EXPECT_TRUE(holds_what_was_synced(saved, later(800 * ms, 795 * ms)))
      << "the kernel's clock steps";
  EXPECT_FALSE(holds_what_was_synced(saved, later(800 * ms, 700 * ms))) << "written into since";
  EXPECT_FALSE(holds_what_was_synced(saved, later(100 * ms, -3 * ms))) << "after p2pd had stopped";
}

TEST(PartMarkTest, TakesNoClockOfOthersForItsOwn) {
  PartMark elsewhere = saved;
  elsewhere.wrote_ns = 0;
  EXPECT_FALSE(holds_what_was_synced(elsewhere, later(800 * ms, 805 * ms)));
  EXPECT_TRUE(holds_what_was_synced(elsewhere, later(0, -3 * ms))) << "nothing was written since";
}

TEST(PartMarkTest, ACrashOfTheMachineLeavesLaterWrites) {
  const auto holds = [](const PartMark& before, const PartMark& found, std::int64_t started) {
    return disk::holds_what_was_synced(before, found, started);
  };
  const PartMark found = later(4 * second + ms, -3 * ms);
  EXPECT_TRUE(holds(saved, found, then + 30 * second));
  EXPECT_FALSE(holds(saved, found, then + 4 * second)) << "written into after its start";
  EXPECT_FALSE(holds(saved, later(61 * second, 0), then + 90 * second)) << "long after the sync";
  EXPECT_FALSE(holds(saved, later(-second, 0), then + 90 * second)) << "its clock was set back";
  EXPECT_FALSE(holds(saved, found, never)) << "others may write there";
}

TEST(PartMarkTest, WholeSecondsTellTooLittle) {
  const PartMark coarse{7, 3, 11, 5, 1000 * second, 1000 * second};
  EXPECT_FALSE(holds_what_was_synced(coarse, coarse));
}

TEST(PartMarkTest, NothingSavedIsHeldByNothing) {
  EXPECT_FALSE(holds_what_was_synced({}, {}));
  EXPECT_FALSE(holds_what_was_synced({}, saved));
}

} // namespace
} // namespace p2pd::disk
