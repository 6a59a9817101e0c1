#include "daemon/disk/open_files.hpp"

#include "daemon/disk/confine.hpp"
#include "daemon/disk/open.hpp"
#include "daemon/store/read_store.hpp"
#include "daemon/store/scan.hpp"
#include "disk_fixture.hpp"

#include <fcntl.h>
#include <sys/resource.h>

namespace p2pd::store {

using namespace disk;
namespace {

using Clock = OpenFiles::Clock;
using std::chrono::seconds;

SharedFd opened() {
  return std::make_shared<const Fd>(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

TEST(OpenFiles, ClosesTheLeastRecentlyUsed) {
  OpenFiles files;
  files.set_most(3);
  for (std::uint32_t file = 0; file < 3; ++file) files.keep({1, file}, opened());
  EXPECT_NE(files.find({1, 0}), nullptr);
  files.keep({2, 0}, opened());
  EXPECT_EQ(files.count(), 3U);
  EXPECT_EQ(files.find({1, 1}), nullptr) << "nobody has used it since";
  EXPECT_NE(files.find({1, 0}), nullptr);
  files.set_most(1);
  EXPECT_EQ(files.count(), 1U);
  EXPECT_NE(files.find({1, 0}), nullptr);
}

TEST(OpenFiles, ClosesWhatNobodyUsesAnyMore) {
  OpenFiles files;
  const Clock::time_point start{seconds(1000)};
  files.keep({1, 0}, opened(), start);
  files.keep({1, 1}, opened(), start + seconds(1));
  files.close_unused(start);
  EXPECT_EQ(files.count(), 2U);
  EXPECT_NE(files.find({1, 0}, start + seconds(5)), nullptr);
  files.close_unused(start + seconds(5));
  EXPECT_EQ(files.count(), 1U);
  EXPECT_NE(files.find({1, 0}, start), nullptr) << "it was used last";
}

TEST(OpenFiles, ForgetsTheFilesOfOneSetAlone) {
  OpenFiles files;
  for (std::uint64_t set = 1; set <= 3; ++set)
    for (const std::uint32_t file : {0U, 7U, UINT32_MAX}) files.keep({set, file}, opened());
  files.forget(2);
  EXPECT_EQ(files.count(), 6U);
  EXPECT_EQ(files.find({2, 7}), nullptr);
  EXPECT_NE(files.find({1, UINT32_MAX}), nullptr);
  EXPECT_NE(files.find({3, 0}), nullptr);
}

TEST(OpenFiles, ClosesNothingThatIsUsed) {
  OpenFiles files;
  files.keep({1, 0}, opened());
  files.keep({1, 1}, opened());
  SharedFd used = files.find({1, 0});
  const int other = files.find({1, 1})->get();
  EXPECT_NE(files.find({1, 0}), nullptr);
  EXPECT_TRUE(files.close_one());
  EXPECT_FALSE(is_open(other));
  EXPECT_TRUE(is_open(used->get()));
  EXPECT_FALSE(files.close_one());
  used = nullptr;
  EXPECT_TRUE(files.close_one());
  EXPECT_EQ(files.count(), 0U);
}

// Takes all descriptors that this process may have.
class NoneLeft {
 public:
  NoneLeft() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{64, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
    while (true) {
      Fd fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
      if (!fd) break;
      taken_.push_back(std::move(fd));
    }
  }
  ~NoneLeft() {
    taken_.clear();
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }

 private:
  rlimit before_{};
  std::vector<Fd> taken_;
};

TEST(OpenFiles, MakesRoomForWhatIsOpened) {
  for (std::uint32_t file = 0; file < 3; ++file) open_files().keep({0, file}, opened());
  const NoneLeft none;
  std::vector<Fd> more;
  for (int i = 0; i < 3; ++i) {
    more.push_back(open_fd(AT_FDCWD, "/dev/null", O_RDONLY));
    EXPECT_TRUE(more.back().valid()) << i;
  }
  EXPECT_FALSE(open_fd(AT_FDCWD, "/dev/null", O_RDONLY).valid());
  EXPECT_EQ(errno, EMFILE);
}

class ReopenTest : public DiskTest {
 protected:
  std::unique_ptr<ReadStore> store(const std::string& name) {
    auto opened = folders_->open_file(at(name), O_RDONLY);
    auto scanned = store::scan(*opened, at(name));
    return std::make_unique<ReadStore>(std::move(opened->fd), store::reopen_in(folders_, at(name)),
                                       at(name), store::Layout(scanned->manifest),
                                       scanned->identities);
  }
  static Outcome read(const ReadStore& from, std::string& text) {
    text.assign(from.manifest().size, '\0');
    const iovec into{text.data(), text.size()};
    return from.read(proto::ByteOffset{0}, {&into, 1});
  }
  static void close_all() {
    while (open_files().close_one()) {
    }
  }

  std::shared_ptr<const Folders> folders_ = std::make_shared<const Folders>(
      Folders::Purpose::publish, std::vector<Root>{{top_.string()}}, std::vector<std::string>());
};

TEST_F(ReopenTest, ReadsWhatWasClosedMeanwhile) {
  make("file", "the bytes");
  make("tree/a", "first");
  make("tree/b", "second");
  const auto file = store("file");
  const auto tree = store("tree");
  for (int i = 0; i < 3; ++i) {
    std::string text;
    EXPECT_TRUE(read(*file, text).ok());
    EXPECT_EQ(text, "the bytes");
    EXPECT_TRUE(read(*tree, text).ok());
    EXPECT_EQ(text, "firstsecond");
    close_all();
    EXPECT_EQ(open_files().count(), 0U);
    EXPECT_TRUE(tree->unchanged().ok());
    EXPECT_TRUE(file->unchanged().ok());
  }
}

TEST_F(ReopenTest, ReadsNothingThatBecameAnotherWhileItWasClosed) {
  std::string text;
  make("file", "the bytes");
  auto file = store("file");
  close_all();
  fs::rename(make("new", "new bytes"), at("file"));
  EXPECT_TRUE(read(*file, text).fault().is(ESTALE));
  file = store("file");
  close_all();
  fs::remove(at("file"));
  EXPECT_TRUE(read(*file, text).fault().is(ESTALE));
  EXPECT_TRUE(file->unchanged().fault().is(ESTALE));
  make("tree/a", "first");
  const auto tree = store("tree");
  close_all();
  fs::rename(at("tree"), at("old"));
  make("tree/a", "FIRST");
  EXPECT_TRUE(read(*tree, text).fault().is(ESTALE));
}

TEST_F(ReopenTest, FindsNothingChangedWithoutADescriptor) {
  make("file", "the bytes");
  const auto file = store("file");
  close_all();
  std::string text;
  {
    const NoneLeft none;
    EXPECT_TRUE(read(*file, text).fault().is(EMFILE)) << read(*file, text).fault().message;
    EXPECT_TRUE(file->unchanged().fault().is(EMFILE));
  }
  EXPECT_TRUE(read(*file, text).ok());
}

TEST_F(ReopenTest, CountsNothingThatIsGone) {
  close_all();
  make("file", "the bytes");
  store("file");
  EXPECT_EQ(open_files().count(), 0U);
}

} // namespace
} // namespace p2pd::store
