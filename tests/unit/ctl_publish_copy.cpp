#include "ctl/base/arguments.hpp"
#include "ctl/base/client.hpp"
#include "ctl/commands/commands.hpp"
#include "ctl/render/screen.hpp"
#include "tests/unit/ctl_fake_daemon.hpp"
#include "tests/unit/ctl_scratch.hpp"

#include <gtest/gtest.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace p2pd::ctl {
namespace {

namespace fs = std::filesystem;
using proto::ControlRequest;
using proto::Value;

using Paths = std::vector<fs::path>;

// A daemon that has these share folders, and publishes whatever it is asked to; the paths that it
// is asked for are added to `published`.
std::function<void(DaemonEnd&)> sharing(const Paths& shares, Paths& published) {
  return [&published, shares](DaemonEnd& end) {
    Value::Array folders;
    for (const fs::path& share : shares) folders.push_back(Value::name(share.string()));
    const ControlRequest status = end.request();
    EXPECT_EQ(status.command, "status");
    end.ok(status.id, {{"share", std::move(folders)}});
    for (ControlRequest request = end.request(); request.id != 0; request = end.request()) {
      EXPECT_EQ(request.command, "publish");
      EXPECT_TRUE(request.params["copy"].is_null());
      published.emplace_back(request.params["path"].text());
      end.ok(request.id, {{"name", "x"}});
    }
  };
}

// publish --copy of these paths, with a daemon that has these share folders.
Outcome published_copy(const Paths& shares, const Paths& paths, Paths& published) {
  FakeDaemon daemon(sharing(shares, published));
  std::vector<std::string> arguments{"--socket", daemon.socket(), "publish", "--copy"};
  for (const fs::path& path : paths) arguments.push_back(path);
  return p2pctl(arguments);
}

TEST(PublishCopy, PublishesTheCopyUnderItsOwnName) {
  const Scratch scratch;
  const fs::path share = scratch.folder("share");
  const fs::path file = scratch.file("film.mp4", "pictures");
  const fs::path folder = scratch.folder("album") / ""; // as completion leaves it
  scratch.file("album/one", "1");
  Paths published;
  const Outcome outcome = published_copy({share}, {file, folder}, published);
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(published, (Paths{share / "film.mp4", share / "album"}));
  EXPECT_EQ(bytes_of(share / "film.mp4"), "pictures");
  EXPECT_EQ(bytes_of(share / "album/one"), "1");
  EXPECT_EQ(std::distance(fs::directory_iterator(share), {}), 2) << "nothing hidden is left";
}

TEST(PublishCopy, WhatIsSharedAlreadyStaysWhereItIs) {
  const Scratch scratch;
  const fs::path share = scratch.folder("share");
  const fs::path file = scratch.file("share/film.mp4", "pictures");
  fs::create_directory_symlink(share, scratch / "way");
  Paths published;
  EXPECT_EQ(published_copy({scratch / "way"}, {file, scratch / "way/film.mp4"}, published).code, 0);
  EXPECT_EQ(published, (Paths{file, scratch / "way/film.mp4"}));
}

TEST(PublishCopy, TakesTheFirstFolderThatItCanWriteTo) {
  const Scratch scratch;
  const fs::path share = scratch.folder("share");
  const fs::path file = scratch.file("film.mp4", "pictures");
  Paths published;
  EXPECT_EQ(published_copy({"/nowhere", share}, {file}, published).code, 0);
  EXPECT_EQ(published, Paths{share / "film.mp4"});
  const Outcome refused = published_copy({"/nowhere"}, {file}, published);
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.err,
            "p2pctl: publish: you cannot write to any share folder (/nowhere: No such file or "
            "directory); get the right to, or ask somebody who has it\n");
}

TEST(PublishCopy, WithoutAShareFolderItSaysHowToHaveOne) {
  Paths published;
  EXPECT_EQ(published_copy({}, {"/etc/hostname"}, published).err,
            "p2pctl: publish: this daemon has no share folder to copy into; set [peer] share = "
            "[\"/srv/share\"] in its p2pd.toml and restart it\n");
}

TEST(PublishCopy, OneThatFailsDoesNotStopTheOthers) {
  const Scratch scratch;
  const fs::path share = scratch.folder("share");
  const fs::path there = scratch.file("share/taken", "theirs");
  const fs::path taken = scratch.file("taken", "ours");
  const fs::path good = scratch.file("good", "good");
  Paths published;
  const Outcome outcome = published_copy({share}, {taken, scratch / "none", good}, published);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err, "p2pctl: publish: \"" + there.string() +
                             "\" is there already; publish that one, or rename one of the two\n"
                             "p2pctl: publish: cannot copy \"" +
                             (scratch / "none").string() +
                             "\": No such file or directory; check the spelling\n");
  EXPECT_EQ(published, Paths{share / "good"});
  EXPECT_EQ(bytes_of(there), "theirs");
}

TEST(PublishCopy, AFolderIsNotCopiedIntoItself) {
  const Scratch scratch;
  const fs::path share = scratch.folder("all/share");
  Paths published;
  const Outcome outcome = published_copy({share}, {scratch / "all"}, published);
  EXPECT_NE(outcome.err.find("holds the share folder"), std::string::npos) << outcome.err;
  EXPECT_TRUE(fs::is_empty(share));
}

// What interrupts p2pctl here is the first thing that is made in the share folder.
TEST(PublishCopy, InterruptedItLeavesNothingBehind) {
  const Scratch scratch;
  const fs::path share = scratch.folder("share");
  const fs::path file = scratch.file("film.mp4", "pictures");
  const int watch = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  ASSERT_GE(::inotify_add_watch(watch, share.c_str(), IN_CREATE), 0);
  Paths published;
  FakeDaemon daemon(sharing({share}, published));
  Invocation invocation = parse(find_command_on({"publish", "--copy", file}));
  try {
    Client client(daemon.socket(), "p2pd", std::nullopt, watch);
    copy_to_share(invocation, client, Screen(stdout, stderr, false, false));
    ADD_FAILURE() << "not interrupted";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.error().code, proto::ExitCode::interrupted);
    EXPECT_EQ(failure.error().message, "interrupted: nothing was published");
  }
  ::close(watch);
  EXPECT_TRUE(fs::is_empty(share));
}

} // namespace
} // namespace p2pd::ctl
