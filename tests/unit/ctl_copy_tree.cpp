#include "ctl/copy_tree.hpp"

#include "ctl/draft.hpp"
#include "ctl/failure.hpp"
#include "tests/unit/ctl_scratch.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace p2pd::ctl {
namespace {

namespace fs = std::filesystem;

const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(10'000);

const CopyStep no_step = [](std::uint64_t) {};

struct stat status_of(const fs::path& path) {
  struct stat status {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status;
}

TEST(CopyTree, AFileKeepsItsBytesItsTimeAndTheRightToRun) {
  const Scratch scratch;
  const fs::path plain = scratch.file("plain", std::string(100'000, 'x') + "end");
  const fs::path tool = scratch.file("tool", "");
  fs::permissions(tool, fs::perms::owner_all);
  fs::last_write_time(plain, long_ago);
  copy_tree(plain, scratch / "copy", no_step);
  copy_tree(tool, scratch / "tool copy", no_step);
  EXPECT_EQ(bytes_of(scratch / "copy"), bytes_of(plain));
  EXPECT_EQ(fs::last_write_time(scratch / "copy"), long_ago);
  EXPECT_EQ(status_of(scratch / "copy").st_mode & S_IXUSR, 0U);
  EXPECT_NE(status_of(scratch / "tool copy").st_mode & S_IXUSR, 0U);
}

TEST(CopyTree, HolesStayHoles) {
  constexpr off_t mib = off_t{1} << 20;
  const Scratch scratch;
  const fs::path sparse = scratch / "sparse";
  const int fd = ::open(sparse.c_str(), O_RDWR | O_CREAT, 0666);
  ASSERT_EQ(::ftruncate(fd, 4 * mib), 0);
  for (const off_t at : {1 * mib, 3 * mib}) ASSERT_EQ(::pwrite(fd, "data", 4, at), 4);
  ::close(fd);
  std::uint64_t passed = 0;
  copy_tree(sparse, scratch / "copy", [&](std::uint64_t bytes) { passed += bytes; });
  EXPECT_EQ(passed, static_cast<std::uint64_t>(4 * mib));
  EXPECT_EQ(bytes_of(scratch / "copy"), bytes_of(sparse));
  EXPECT_LE(status_of(scratch / "copy").st_blocks, status_of(sparse).st_blocks);
}

TEST(CopyTree, AFolderIsCopiedWithAllThatIsInIt) {
  const Scratch scratch;
  const fs::path top = scratch.folder("top");
  scratch.folder("top/a/empty");
  scratch.file("top/a/file", "bytes");
  scratch.file("top/.hidden", "h");
  fs::create_symlink("a/file", top / "link");
  fs::create_directory_symlink("/nowhere", top / "dangling");
  fs::last_write_time(top / "a", long_ago);
  std::uint64_t passed = 0;
  copy_tree(top, scratch / "copy", [&](std::uint64_t bytes) { passed += bytes; });
  EXPECT_EQ(passed, bytes_below(top));
  EXPECT_TRUE(fs::is_empty(scratch / "copy/a/empty"));
  EXPECT_EQ(bytes_of(scratch / "copy/a/file"), "bytes");
  EXPECT_EQ(bytes_of(scratch / "copy/.hidden"), "h");
  EXPECT_EQ(fs::read_symlink(scratch / "copy/link"), "a/file");
  EXPECT_EQ(fs::read_symlink(scratch / "copy/dangling"), "/nowhere");
  EXPECT_EQ(fs::last_write_time(scratch / "copy/a"), long_ago);
}

TEST(CopyTree, WhatIsNeitherFileNorFolderIsRefused) {
  const Scratch scratch;
  scratch.folder("top");
  ASSERT_EQ(::mkfifo((scratch / "top/pipe").c_str(), 0666), 0);
  EXPECT_EQ(bytes_below(scratch / "top"), 0U);
  EXPECT_THROW(copy_tree(scratch / "top", scratch / "copy", no_step), Failure);
}

TEST(CopyTree, AFileThatChangesMeanwhileIsRefused) {
  const Scratch scratch;
  const fs::path file = scratch.file("file", "bytes");
  const auto disturb = [&](std::uint64_t bytes) {
    if (bytes > 0) fs::last_write_time(file, long_ago);
  };
  EXPECT_THROW(copy_tree(file, scratch / "copy", disturb), Failure);
}

TEST(Draft, AppearsAsAWholeOrNotAtAll) {
  const Scratch scratch;
  const fs::path shared = scratch.folder("shared");
  {
    const Draft unfinished(shared, "name");
    std::ofstream(unfinished.path()) << "half";
    EXPECT_FALSE(fs::exists(shared / "name"));
  }
  EXPECT_TRUE(fs::is_empty(shared));
  {
    const Draft draft(shared, "name");
    draft.expect_free();
    std::ofstream(draft.path()) << "whole";
    EXPECT_EQ(draft.move_out(), shared / "name");
  }
  EXPECT_EQ(bytes_of(shared / "name"), "whole");
  const Draft late(shared, "name");
  EXPECT_THROW(late.expect_free(), Failure);
  std::ofstream(late.path()) << "other";
  EXPECT_THROW(late.move_out(), Failure);
  EXPECT_EQ(bytes_of(shared / "name"), "whole");
}

} // namespace
} // namespace p2pd::ctl
