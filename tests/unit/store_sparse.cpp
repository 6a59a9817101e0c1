#include "daemon/store/sparse.hpp"

#include "daemon/disk/fd.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace p2pd::store {
namespace {

constexpr std::size_t size = 128 << 10;

proto::Bytes ones(std::size_t length = size) {
  return proto::Bytes(length, 1);
}

void clear(proto::Bytes& bytes, std::size_t begin, std::size_t end) {
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
            bytes.begin() + static_cast<std::ptrdiff_t>(end), 0);
}

TEST(NextZeros, FindsRunsOfWholePages) {
  proto::Bytes bytes = ones();
  EXPECT_EQ(next_zeros(bytes, 0, 0), (ByteRun{size, size}));
  clear(bytes, 8192 - 100, 8192 + least_hole + 100);
  EXPECT_EQ(next_zeros(bytes, 0, 0), (ByteRun{8192, 8192 + least_hole}));
  EXPECT_EQ(next_zeros(bytes, 0, 8192 + least_hole), (ByteRun{size, size}));
  EXPECT_EQ(next_zeros(bytes, 100, 0), (ByteRun{8192 - 100, 8192 + least_hole - 100}))
      << "pages are those of the file";
}

TEST(NextZeros, LeavesShortRunsAlone) {
  proto::Bytes bytes = ones();
  clear(bytes, 8192, 8192 + least_hole - 1);
  EXPECT_EQ(next_zeros(bytes, 0, 0), (ByteRun{size, size}));
  EXPECT_EQ(next_zeros({}, 0, 0), (ByteRun{0, 0}));
}

TEST(NextZeros, FindsThoseAtTheEnds) {
  proto::Bytes bytes = ones();
  clear(bytes, 0, least_hole);
  clear(bytes, size - least_hole, size);
  EXPECT_EQ(next_zeros(bytes, 0, 0), (ByteRun{0, least_hole}));
  EXPECT_EQ(next_zeros(bytes, 0, least_hole), (ByteRun{size - least_hole, size}));
  bytes = ones();
  clear(bytes, 0, hole_page);
  clear(bytes, size - hole_page - 10, size);
  EXPECT_EQ(next_zeros(bytes, 0, 0), (ByteRun{0, hole_page})) << "it may go on there";
  EXPECT_EQ(next_zeros(bytes, 0, hole_page), (ByteRun{size - hole_page, size}));
  EXPECT_EQ(next_zeros(bytes, 10, hole_page), (ByteRun{size - hole_page - 10, size - 10}));
}

class SparseTest : public testing::Test {
 protected:
  SparseTest() {
    std::string name = testing::TempDir() + "sparse-XXXXXX";
    file_ = disk::Fd(::mkstemp(name.data()));
    ::unlink(name.c_str());
  }
  proto::Bytes content() const {
    proto::Bytes bytes(size);
    EXPECT_EQ(::pread(file_.get(), bytes.data(), size, 0), static_cast<ssize_t>(size));
    return bytes;
  }
  void write(const proto::Bytes& bytes) {
    EXPECT_EQ(write_sparsely(file_.get(), 0, bytes, left_out_), 0);
    EXPECT_TRUE(content() == bytes);
  }
  disk::Fd file_;
  std::uint64_t left_out_ = 0;
};

TEST_F(SparseTest, ZerosTakeTheRoomOfWhatWasThere) {
  proto::Bytes bytes = ones();
  write(bytes);
  EXPECT_EQ(left_out_, 0U);
  EXPECT_EQ(holes_in(file_.get(), 0, size), 0U);
  clear(bytes, 4096, 4096 + 2 * least_hole);
  write(bytes);
  EXPECT_EQ(left_out_, 2 * least_hole);
  EXPECT_EQ(holes_in(file_.get(), 0, size), 2 * least_hole);
  EXPECT_EQ(holes_in(file_.get(), 4096 + least_hole, least_hole), least_hole);
}

TEST_F(SparseTest, ZerosGiveBackWhatWasReserved) {
  if (::posix_fallocate(file_.get(), 0, size) != 0) GTEST_SKIP() << "nothing is reserved here";
  proto::Bytes bytes(size);
  bytes[size / 2] = 1;
  write(bytes);
  struct stat status {};
  ASSERT_EQ(::fstat(file_.get(), &status), 0);
  EXPECT_LE(status.st_blocks * 512, 4 * 4096);
}

TEST_F(SparseTest, WhatCannotBeWrittenSaysWhy) {
  const disk::Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  EXPECT_EQ(write_sparsely(full.get(), 0, ones(100), left_out_), ENOSPC);
  EXPECT_EQ(write_sparsely(full.get(), 0, proto::Bytes(size), left_out_), ENOSPC)
      << "zeros are written where nothing can be a hole";
}

} // namespace
} // namespace p2pd::store
