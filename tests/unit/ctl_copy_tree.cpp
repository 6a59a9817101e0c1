#include "ctl/base/copy_tree.hpp"

#include "ctl/base/draft.hpp"
#include "ctl/base/failure.hpp"
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

void copy_to(const fs::path& from, const fs::path& to, const CopyStep& step = no_step) {
  copy_tree(Spot::at(from), Spot::at(to.parent_path()), to.filename(), step);
}

TEST(CopyTree, AFileKeepsItsBytesItsTimeAndTheRightToRun) {
  const Scratch scratch;
  const fs::path plain = scratch.file("plain", std::string(100'000, 'x') + "end");
  const fs::path tool = scratch.file("tool", "");
  fs::permissions(tool, fs::perms::owner_all);
  fs::last_write_time(plain, long_ago);
  copy_to(plain, scratch / "copy");
  copy_to(tool, scratch / "tool copy");
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
  copy_to(sparse, scratch / "copy", [&](std::uint64_t bytes) { passed += bytes; });
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
  copy_to(top, scratch / "copy", [&](std::uint64_t bytes) { passed += bytes; });
  EXPECT_EQ(passed, bytes_below(Spot::at(top)));
  EXPECT_TRUE(fs::is_empty(scratch / "copy/a/empty"));
  EXPECT_EQ(bytes_of(scratch / "copy/a/file"), "bytes");
  EXPECT_EQ(bytes_of(scratch / "copy/.hidden"), "h");
  EXPECT_EQ(fs::read_symlink(scratch / "copy/link"), "a/file");
  EXPECT_EQ(fs::read_symlink(scratch / "copy/dangling"), "/nowhere");
  EXPECT_EQ(fs::last_write_time(scratch / "copy/a"), long_ago);
}

TEST(CopyTree, AFifoIsCopiedAsOne) {
  const Scratch scratch;
  scratch.folder("top");
  ASSERT_EQ(::mkfifo((scratch / "top/pipe").c_str(), 0666), 0);
  EXPECT_EQ(bytes_below(Spot::at(scratch / "top")), 0U);
  copy_to(scratch / "top", scratch / "copy");
  EXPECT_TRUE(fs::is_fifo(scratch / "copy/pipe"));
}

TEST(CopyTree, ADeviceIsRefused) {
  const Scratch scratch;
  EXPECT_THROW(copy_to("/dev/null", scratch / "copy"), Failure);
}

// Whoever owns a folder may put a symlink in its place at any moment.
TEST(CopyTree, AFolderThatBecomesASymlinkLeadsNowhere) {
  const Scratch scratch;
  scratch.folder("secret");
  scratch.file("secret/key", "secret");
  scratch.folder("top/inner");
  scratch.file("top/inner/key", "mine");
  bool flipped = false;
  const auto flip = [&](std::uint64_t) {
    if (std::exchange(flipped, true)) return;
    fs::rename(scratch / "top/inner", scratch / "away");
    fs::create_directory_symlink(scratch / "secret", scratch / "top/inner");
  };
  copy_to(scratch / "top", scratch / "copy", flip);
  EXPECT_TRUE(fs::is_symlink(scratch / "copy/inner")) << "as it was found";
  const Spot inner(Spot::at(scratch / "top"), "inner");
  fs::remove(scratch / "top/inner");
  fs::create_directory_symlink(scratch / "away", scratch / "top/inner");
  EXPECT_EQ(inner.target(), scratch / "secret") << "what was opened stays what it is";
}

TEST(Spot, RootFollowsNoOtherUsersSymlink) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root";
  const Scratch scratch;
  const fs::path file = scratch.file("file", "bytes");
  fs::create_symlink(file, scratch / "link");
  EXPECT_EQ(Spot::at(scratch / "link").path(), file);
  ASSERT_EQ(::lchown((scratch / "link").c_str(), 12345, 12345), 0);
  EXPECT_THROW(Spot::at(scratch / "link"), Failure);
}

TEST(Spot, SymlinksLeadWhereTheKernelTakesThem) {
  const Scratch scratch;
  scratch.folder("a/b");
  const fs::path file = scratch.file("a/file", "bytes");
  fs::create_directory_symlink("a/b", scratch / "b");
  fs::create_symlink("loop", scratch / "loop");
  EXPECT_EQ(Spot::at(scratch / "b/../file").path(), file);
  EXPECT_EQ(Spot::at(scratch / "b" / "").path(), scratch / "a/b");
  EXPECT_THROW(Spot::at(scratch / "loop"), fs::filesystem_error);
  EXPECT_THROW(Spot::at(scratch / "a/none"), fs::filesystem_error);
}

TEST(CopyTree, AFileThatChangesMeanwhileIsRefused) {
  const Scratch scratch;
  const fs::path file = scratch.file("file", "bytes");
  const auto disturb = [&](std::uint64_t bytes) {
    if (bytes > 0) fs::last_write_time(file, long_ago);
  };
  EXPECT_THROW(copy_to(file, scratch / "copy", disturb), Failure);
}

TEST(Draft, AppearsAsAWholeOrNotAtAll) {
  const Scratch scratch;
  const fs::path shared = scratch.folder("shared");
  {
    const Draft unfinished(Spot::at(shared), "name");
    std::ofstream(unfinished.hidden().path() / "name") << "half";
    EXPECT_FALSE(fs::exists(shared / "name"));
  }
  EXPECT_TRUE(fs::is_empty(shared));
  {
    const Draft draft(Spot::at(shared), "name");
    draft.expect_free();
    std::ofstream(draft.hidden().path() / "name") << "whole";
    EXPECT_EQ(draft.move_out(), shared / "name");
  }
  EXPECT_EQ(bytes_of(shared / "name"), "whole");
  const Draft late(Spot::at(shared), "name");
  EXPECT_THROW(late.expect_free(), Failure);
  std::ofstream(late.hidden().path() / "name") << "other";
  EXPECT_THROW(late.move_out(), Failure);
  EXPECT_EQ(bytes_of(shared / "name"), "whole");
}

} // namespace
} // namespace p2pd::ctl
