// What a confined process can still do with files. Each attempt is made by a forked child, for
// there is no way back. The tests of tests/system show that it leaves p2pd all that it needs.
#include "daemon/app/confinement.hpp"

#include "tests/unit/disk_fixture.hpp"

#include <fcntl.h>
#include <functional>
#include <linux/landlock.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>

namespace p2pd::app {
namespace {

namespace fs = std::filesystem;

long landlock_version() {
  return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

class ConfinementTest : public disk::DiskTest {
 protected:
  ConfinementTest() {
    config.state_dir = make_folder("state");
    config.secret_file = make("etc/network.key");
    config.file = make("etc/p2pd.toml");
    config.control_socket = at("run/p2pd.sock");
    config.share = {make_folder("share"), at("no-such-share")};
    config.download_dir = at("down/loads");
    config.writable = {at("more")};
    config.on_failed = {make("hooks/hook", "#!/bin/sh\nread line </proc/self/stat")};
    fs::permissions(config.on_failed.front(), fs::perms::owner_all);
    for (const char* name : {"share/file", "state/file", "outside/file"}) make(name, "bytes");
    fs::create_symlink(at("outside/file"), at("share/link"));
  }

  void SetUp() override {
    if (landlock_version() < 1) GTEST_SKIP() << "this kernel has no Landlock";
  }

  // errno of what is tried in confinement; 0 where it went well. The act says whether it did.
  int confined(const std::function<bool()>& act) const {
    const pid_t child = ::fork();
    if (child == 0) {
      confine(config);
      errno = 0;
      ::_exit(act() ? 0 : errno);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  int open(const std::string& path, int flags) const {
    return confined([&] { return ::open(path.c_str(), flags, 0600) >= 0; });
  }
  int read(const std::string& path) const { return open(path, O_RDONLY); }
  int write(const std::string& path) const { return open(path, O_WRONLY); }
  int create(const std::string& path) const { return open(path, O_WRONLY | O_CREAT | O_EXCL); }
  int list(const std::string& path) const { return open(path, O_RDONLY | O_DIRECTORY); }

  base::Config config;
};

TEST_F(ConfinementTest, WritesWhereAFetchMay) {
  for (const char* folder : {"state", "down/loads", "more"}) {
    EXPECT_EQ(list(at(folder)), 0) << folder;
    EXPECT_EQ(confined([&] {
                const std::string sub = at(folder) + "/sub", file = sub + "/file";
                return ::mkdir(sub.c_str(), 0700) == 0 &&
                       ::close(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600)) == 0 &&
                       ::truncate(file.c_str(), 10) == 0 &&
                       ::symlink("file", (sub + "/link").c_str()) == 0 &&
                       ::rename(file.c_str(), (at(folder) + "/moved").c_str()) == 0 &&
                       ::unlink((sub + "/link").c_str()) == 0 && ::rmdir(sub.c_str()) == 0;
              }),
              0)
        << folder;
    EXPECT_TRUE(fs::exists(at(folder) + "/moved"));
    EXPECT_EQ(confined([&] { return ::mkfifo((at(folder) + "/fifo").c_str(), 0600) == 0; }),
              EACCES);
  }
}

TEST_F(ConfinementTest, OnlyReadsWhatItShares) {
  EXPECT_EQ(read(at("share/file")), 0);
  EXPECT_EQ(list(at("share")), 0);
  EXPECT_EQ(write(at("share/file")), EACCES);
  EXPECT_EQ(create(at("share/new")), EACCES);
  EXPECT_EQ(confined([&] { return ::unlink(at("share/file").c_str()) == 0; }), EACCES);
  EXPECT_EQ(read(at("share/link")), EACCES) << "leads out";
}

TEST_F(ConfinementTest, ReadsAFileWhereverItsSymlinkLeads) {
  make("keys/v1/network.key", "one");
  fs::create_symlink("v1", at("keys/now"));
  fs::remove(at("etc/network.key"));
  fs::create_symlink(at("keys/now/network.key"), at("etc/network.key"));
  EXPECT_EQ(read(at("etc/network.key")), 0);
  EXPECT_EQ(list(at("keys")), EACCES);
}

TEST_F(ConfinementTest, ReachesNothingElse) {
  EXPECT_EQ(read(at("outside/file")), EACCES);
  EXPECT_EQ(write(at("outside/file")), EACCES);
  EXPECT_EQ(create(at("outside/new")), EACCES);
  EXPECT_EQ(list(at("outside")), EACCES);
  EXPECT_EQ(list("/"), EACCES);
  EXPECT_EQ(read("/proc/" + std::to_string(::getpid()) + "/environ"), EACCES) << "another's";
  EXPECT_EQ(confined([&] { return ::mkdir(at("outside/sub").c_str(), 0700) == 0; }), EACCES);
  EXPECT_EQ(confined([&] { return ::unlink(at("outside/file").c_str()) == 0; }), EACCES);
  EXPECT_EQ(
      confined([&] { return ::rename(at("outside/file").c_str(), at("more/file").c_str()) == 0; }),
      EACCES);
  EXPECT_NE(
      confined([&] { return ::link(at("outside/file").c_str(), at("more/file").c_str()) == 0; }),
      0);
  if (landlock_version() >= 3) {
    EXPECT_EQ(confined([&] { return ::truncate(at("outside/file").c_str(), 0) == 0; }), EACCES);
  }
  EXPECT_EQ(contents(at("outside/file")), "bytes");
}

TEST_F(ConfinementTest, ReadsItsConfigAndMayKeepASecret) {
  EXPECT_EQ(read(at("etc/p2pd.toml")), 0);
  EXPECT_EQ(read(at("etc/network.key")), 0);
  EXPECT_EQ(create(at("etc/new")), EACCES);
  fs::remove(at("etc/network.key"));
  EXPECT_EQ(create(at("etc/network.key")), 0) << "as p2pctl join does";
}

TEST_F(ConfinementTest, MakesItsSocket) {
  const auto listen = [](const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    return ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  };
  EXPECT_EQ(confined([&] {
              return listen(at("run/p2pd.sock")) && ::unlink(at("run/p2pd.sock").c_str()) == 0;
            }),
            0);
  EXPECT_EQ(confined([&] { return listen(at("down/loads/p2pd.sock")); }), EACCES);
  EXPECT_EQ(create(at("run/file")), EACCES);
}

TEST_F(ConfinementTest, LeavesWhatEveryProgramNeeds) {
  for (const char* path : {"/etc/passwd", "/proc/self/status", "/proc/self/exe", "/dev/urandom"})
    EXPECT_EQ(read(path), 0) << path;
  EXPECT_EQ(open("/dev/null", O_RDWR | O_TRUNC), 0);
  EXPECT_EQ(confined([] { // a hook
              std::string shell = "sh", option = "-c", line = "exec cat /etc/passwd > /dev/null";
              char* const words[] = {shell.data(), option.data(), line.data(), nullptr};
              pid_t hook = 0;
              int status = 1;
              return ::posix_spawnp(&hook, "sh", nullptr, nullptr, words, environ) == 0 &&
                     ::waitpid(hook, &status, 0) == hook && status == 0;
            }),
            0);
}

TEST_F(ConfinementTest, RunsItsHooks) {
  EXPECT_EQ(confined([&] {
              std::string hook = config.on_failed.front();
              char* const words[] = {hook.data(), nullptr};
              pid_t child = 0;
              int status = 1;
              return ::posix_spawn(&child, hook.c_str(), nullptr, nullptr, words, environ) == 0 &&
                     ::waitpid(child, &status, 0) == child && status == 0;
            }),
            0);
  EXPECT_EQ(write(at("hooks/hook")), EACCES);
}

TEST_F(ConfinementTest, HoldsForTheThreadsThatFollow) {
  EXPECT_EQ(confined([&] {
              int fd = -1, cause = 0;
              std::thread([&] {
                fd = ::open(at("outside/file").c_str(), O_RDONLY);
                cause = errno;
              }).join();
              errno = cause;
              return fd >= 0;
            }),
            EACCES);
  EXPECT_EQ(confined([] { return ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1; }), 0);
}

TEST_F(ConfinementTest, ATrackerNeedsLess) {
  config.role = base::Role::tracker;
  EXPECT_EQ(write(at("state/file")), 0);
  EXPECT_EQ(read(at("share/file")), EACCES);
  EXPECT_FALSE(fs::exists(at("down")));
}

} // namespace
} // namespace p2pd::app
