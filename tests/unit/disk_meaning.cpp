#include "daemon/disk/meaning.hpp"

#include "daemon/disk/outcome.hpp"

#include <cerrno>
#include <gtest/gtest.h>

namespace p2pd::disk {
namespace {

TEST(Meaning, ThatSomethingIsGoneIsAFact) {
  for (const int error : {ENOENT, ENOTDIR}) {
    EXPECT_EQ(meaning_of(error), Meaning::gone) << error;
    EXPECT_FALSE(passes(meaning_of(error)));
  }
}

TEST(Meaning, WhatThisMachineLacksSaysNothingOfTheThing) {
  for (const int error : {EMFILE, ENFILE, ENOMEM, ENOBUFS, EAGAIN, EINTR})
    EXPECT_EQ(meaning_of(error), Meaning::exhausted) << error;
  EXPECT_TRUE(passes(Meaning::exhausted));
}

TEST(Meaning, NoRoomIsNoRoomWhoeverCountsIt) {
  EXPECT_EQ(meaning_of(ENOSPC), Meaning::no_room);
  EXPECT_EQ(meaning_of(EDQUOT), Meaning::no_room);
  EXPECT_TRUE(passes(Meaning::no_room));
}

TEST(Meaning, ADeviceAServerOrARightMayComeBack) {
  for (const int error : {EIO, EACCES, EPERM, EROFS, ESTALE, ETIMEDOUT, ENOTCONN, EHOSTDOWN})
    EXPECT_EQ(meaning_of(error), Meaning::barred) << error;
  EXPECT_TRUE(passes(Meaning::barred));
}

TEST(Meaning, TheRestIsForPeople) {
  for (const int error : {EEXIST, EISDIR, EINVAL, ENAMETOOLONG, EFBIG, ELOOP, EXDEV})
    EXPECT_EQ(meaning_of(error), Meaning::lasting) << error;
  EXPECT_FALSE(passes(Meaning::lasting));
}

TEST(Meaning, OfAFaultTellsThePeersOwnWordsFromTheKernels) {
  EXPECT_EQ(fault(ESTALE, "it was changed").meaning(), Meaning::lasting);
  EXPECT_EQ(fault(EPERM, "it is outside").meaning(), Meaning::lasting);
  for (const int error : {ESTALE, EPERM}) {
    const Fault kernels = system_fault(error, "open", "/srv/x");
    EXPECT_TRUE(kernels.passes());
    EXPECT_FALSE(kernels.is(error));
  }
}

} // namespace
} // namespace p2pd::disk
