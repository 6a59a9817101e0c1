#include "daemon/disk/confine.hpp"

#include "disk_fixture.hpp"

#include <atomic>
#include <sys/stat.h>
#include <thread>

namespace p2pd::disk {
namespace {

using Purpose = Folders::Purpose;
using Missing = Folders::Missing;

class Confine : public DiskTest {
 protected:
  Folders sharing(std::vector<Root> roots = {}) const {
    if (roots.empty()) roots = {{at("share")}};
    return {Purpose::publish, std::move(roots), {at("state"), at("secret.key")}};
  }
  Folders fetching() const {
    return {Purpose::fetch, {{at("down")}}, {at("state"), at("down/later.key")}};
  }

  // What one reads under the path, or the error.
  static std::string read(const Folders& folders, const std::string& path) {
    const auto opened = folders.open_file(path, O_RDONLY);
    return opened ? contents(opened->fd.get()) : opened.fault().message;
  }
};

TEST_F(Confine, OpensWhatLiesBelowARoot) {
  make("share/a/file", "inside");
  EXPECT_EQ(read(sharing(), at("share/a/file")), "inside");
  EXPECT_EQ(read(sharing(), at("share/a/../a//./file")), "inside");
  EXPECT_EQ(read(sharing(), at("other/../share/a/file")), "inside");
  EXPECT_TRUE(sharing().open_file(at("share"), O_RDONLY).ok());
  EXPECT_TRUE(sharing().open_file(at("share/a/"), O_RDONLY).ok());
}

TEST_F(Confine, RefusesWhatLiesOutside) {
  make_folder("share");
  make("share-not/file", "outside");
  for (const std::string& path : {at("share-not/file"), at("share/../share-not/file"),
                                  std::string("/etc/passwd"), std::string("etc/passwd")})
    EXPECT_NE(read(sharing(), path).find("is outside the share folders (" + at("share") + ")"),
              std::string::npos)
        << read(sharing(), path);
  EXPECT_EQ(sharing().open_file("/etc/passwd", O_RDONLY).fault().message,
            "\"/etc/passwd\" is outside the share folders (" + at("share") +
                "); add its folder to [peer] share or publish with --copy");
  EXPECT_NE(read(sharing(), at("share/none")).find("No such file"), std::string::npos);
}

TEST_F(Confine, FollowsSymlinksThatStayBeneath) {
  make("share/real/file", "inside");
  make("outside", "outside");
  fs::create_symlink("real/file", at("share/link"));
  fs::create_symlink("../link", at("share/real/again"));
  fs::create_symlink(at("share/real"), at("share/absolute"));
  fs::create_symlink("../outside", at("share/escape"));
  fs::create_symlink("/", at("share/top"));
  fs::create_symlink("round", at("share/round"));
  EXPECT_EQ(read(sharing(), at("share/link")), "inside");
  EXPECT_EQ(read(sharing(), at("share/real/again")), "inside");
  EXPECT_EQ(read(sharing(), at("share/absolute/file")), "inside");
  EXPECT_NE(read(sharing(), at("share/escape")).find("is outside"), std::string::npos);
  EXPECT_NE(read(sharing(), at("share/top/etc/passwd")).find("is outside"), std::string::npos);
  EXPECT_FALSE(sharing().open_file(at("share/round"), O_RDONLY).ok());
}

TEST_F(Confine, FollowsASymlinkFromOneRootToAnother) {
  make("second/file", "inside");
  make_folder("share");
  fs::create_symlink(at("second"), at("share/link"));
  EXPECT_EQ(read(sharing({{at("share")}, {at("second")}}), at("share/link/file")), "inside");
}

TEST_F(Confine, LooksARootUpThroughItsSymlinks) {
  make("real/file", "inside");
  fs::create_symlink(at("real"), at("share"));
  EXPECT_EQ(read(sharing(), at("share/file")), "inside");
  EXPECT_EQ(read(sharing(), at("real/file")), "inside");
}

TEST_F(Confine, KeepsItsOwnToItself) {
  make("state/network.key", "secret");
  make("secret.key", "secret");
  make("share/file");
  fs::create_hard_link(at("secret.key"), at("share/innocent"));
  const Folders all = sharing({{top_.string()}});
  for (const char* path : {"state/network.key", "state", "secret.key", "share/innocent"})
    EXPECT_NE(read(all, at(path)).find("p2pd's own"), std::string::npos) << path;
  EXPECT_EQ(read(all, at("share/file")), "x");

  // The guard tells the same to those who walk on below.
  const auto opened = all.open_file(top_.string(), O_RDONLY);
  struct stat status;
  ASSERT_EQ(::stat(at("share/innocent").c_str(), &status), 0);
  EXPECT_FALSE(opened->guard.admit(status, at("share/innocent")).ok());
  ASSERT_EQ(::stat(at("share/file").c_str(), &status), 0);
  EXPECT_TRUE(opened->guard.admit(status, at("share/file")).ok());
}

TEST_F(Confine, AllowsARootInsideItsOwn) {
  make("state/downloads/file", "inside");
  EXPECT_EQ(read(sharing({{at("state/downloads")}}), at("state/downloads/file")), "inside");
}

TEST_F(Confine, RefusesHiddenFoldersOfAHome) {
  make("home/.ssh/key", "secret");
  make("home/.config/pub/file", "inside");
  make("home/work/file", "inside");
  make("home/.profile", "a file");
  fs::create_symlink(".ssh", at("home/link"));
  const Folders home = sharing({{at("home"), false}, {at("home/.config/pub")}});
  EXPECT_EQ(read(home, at("home/work/file")), "inside");
  EXPECT_EQ(read(home, at("home/.profile")), "a file");
  EXPECT_EQ(read(home, at("home/.config/pub/file")), "inside");
  for (const char* path : {"home/.ssh/key", "home/.ssh", "home/link/key", "home/.config"})
    EXPECT_NE(read(home, at(path)).find("is hidden"), std::string::npos) << read(home, at(path));
}

TEST_F(Confine, DoesNotHangOnAFifo) {
  make_folder("share");
  ASSERT_EQ(::mkfifo(at("share/fifo").c_str(), 0600), 0);
  EXPECT_TRUE(sharing().open_file(at("share/fifo"), O_RDONLY).ok());
}

TEST_F(Confine, NamesPathsRelativeToTheirRoot) {
  const Folders folders = sharing({{at("share")}, {at("share/deep/")}});
  EXPECT_EQ(folders.relative(at("share/a/b")), "a/b");
  EXPECT_EQ(folders.relative(at("share/deep/b")), "b");
  EXPECT_EQ(folders.relative(at("gone/b")), "b");
}

TEST_F(Confine, FindsAPlaceForAFetch) {
  const auto parent = fetching().open_parent(at("down/a/b/file"), Missing::create);
  ASSERT_TRUE(parent.ok()) << parent.fault().message;
  EXPECT_EQ(parent->leaf, "file");
  EXPECT_TRUE(fs::is_directory(at("down/a/b")));
  EXPECT_EQ(::fsync(parent->folder.get()), 0);

  EXPECT_TRUE(fetching().open_parent(at("down/file"), Missing::refuse).ok());
  const auto missing = fetching().open_parent(at("down/none/file"), Missing::refuse);
  EXPECT_TRUE(missing.fault().is(ENOENT));
  EXPECT_FALSE(fs::exists(at("down/none")));
}

TEST_F(Confine, RefusesPlacesForAFetch) {
  make_folder("down");
  make_folder("elsewhere");
  make_folder("state/inner");
  fs::create_symlink("../elsewhere", at("down/out"));
  for (const char* path : {"elsewhere/file", "down/../elsewhere/file", "down/out/file",
                           "down/out/new/file", "down/new/../../elsewhere/file"}) {
    const auto parent = fetching().open_parent(at(path), Missing::create);
    EXPECT_FALSE(parent.ok()) << path;
  }
  EXPECT_TRUE(fs::is_empty(at("elsewhere")));
  for (const char* path : {"down", "down/.", "down/..", "down/new/.."})
    EXPECT_FALSE(fetching().open_parent(at(path), Missing::refuse).ok()) << path;
  EXPECT_FALSE(fetching().open_parent(at("down/later.key"), Missing::create).ok());

  const Folders all(Purpose::fetch, {{top_.string()}}, {at("state/inner")});
  for (const char* path : {"state", "state/inner", "state/inner/new"})
    EXPECT_FALSE(all.open_parent(at(path), Missing::create).ok()) << path;
  EXPECT_TRUE(all.open_parent(at("state/new"), Missing::create).ok());
}

TEST_F(Confine, RefusesHiddenPlacesOfAHome) {
  make_folder("home/.ssh");
  const Folders home(Purpose::fetch, {{at("home"), false}}, {});
  for (const char* path : {"home/.ssh/new", "home/.new/file", "home/.profile"})
    EXPECT_FALSE(home.open_parent(at(path), Missing::create).ok()) << path;
  EXPECT_FALSE(fs::exists(at("home/.new")));
  EXPECT_TRUE(home.open_parent(at("home/new"), Missing::create).ok());
}

// A folder that is a symlink to the outside every other moment is never followed out.
TEST_F(Confine, ARacingSymlinkWinsNothing) {
  make("share/turn/file", "inside");
  make("outside/file", "outside");
  fs::create_symlink("../outside", at("share/link"));
  const Folders folders = sharing();
  const Fd root(::open(at("share").c_str(), O_PATH | O_DIRECTORY));
  std::atomic<bool> stop = false;
  std::thread swapper([&] {
    while (!stop)
      ::renameat2(AT_FDCWD, at("share/turn").c_str(), AT_FDCWD, at("share/link").c_str(),
                  RENAME_EXCHANGE);
  });
  int inside = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto opened = folders.open_file(at("share/turn/file"), O_RDONLY);
    if (opened) {
      EXPECT_EQ(contents(opened->fd.get()), "inside");
      ++inside;
    }
    const Fd stepped = open_by_steps(root.get(), "turn/file", O_RDONLY);
    if (stepped) {
      EXPECT_EQ(contents(stepped.get()), "inside");
    }
  }
  stop = true;
  swapper.join();
  EXPECT_GT(inside, 0);
}

TEST_F(Confine, WalksByStepsWhereTheKernelCannot) {
  make("share/a/b/file", "inside");
  fs::create_symlink("a", at("share/link"));
  fs::create_symlink("file", at("share/a/b/leaf"));
  const Fd root(::open(at("share").c_str(), O_PATH | O_DIRECTORY));
  const Fd file = open_by_steps(root.get(), "a/b/file", O_RDONLY);
  ASSERT_TRUE(file.valid());
  EXPECT_EQ(contents(file.get()), "inside");
  EXPECT_TRUE(open_by_steps(root.get(), "", O_RDONLY | O_DIRECTORY).valid());
  for (const char* path : {"link/b/file", "a/b/leaf", "../share/a", "a/../a/b/file", "/etc/passwd"})
    EXPECT_FALSE(open_by_steps(root.get(), path, O_RDONLY).valid()) << path;
}

TEST(Outcome, QuotesPathsOnOneLine) {
  EXPECT_EQ(in_quotes("a\nb\x1b[2J"), "\"a?b?[2J\"");
  EXPECT_EQ(system_fault(ENOSPC, "write", "/x").message,
            "cannot write \"/x\": No space left on device; free some space");
}

} // namespace
} // namespace p2pd::disk
