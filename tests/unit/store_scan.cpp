#include "daemon/disk/digest.hpp"
#include "daemon/store/part_name.hpp"
#include "daemon/store/read_store.hpp"
#include "daemon/store/scan.hpp"
#include "daemon/store/writers.hpp"
#include "disk_fixture.hpp"

#include <algorithm>
#include <sys/stat.h>

namespace p2pd::store {

using namespace disk; // its fixture, and what a path and a fault are made of
namespace {

using Kind = proto::Entry::Kind;

class ScanTest : public DiskTest {
 protected:
  std::shared_ptr<const disk::Folders> folders() const {
    return std::make_shared<const disk::Folders>(disk::Folders::Purpose::publish,
                                                 std::vector<disk::Root>{{at("share")}},
                                                 std::vector<std::string>{});
  }
  disk::Result<disk::Folders::Opened> open(std::string_view name) const {
    return folders()->open_file(at(name), O_RDONLY);
  }
  disk::Result<Scanned> look(std::string_view name, const ScanRules& rules = {}) const {
    const auto opened = open(name);
    if (!opened) return opened.fault();
    return scan(*opened, at(name), rules, folders().get());
  }
  std::string complaint(std::string_view name, const ScanRules& rules = {}) const {
    const auto scanned = look(name, rules);
    return scanned ? "none" : scanned.fault().message;
  }
  static std::vector<std::string> paths(const disk::Result<Scanned>& scanned) {
    std::vector<std::string> found;
    if (!scanned) return {scanned.fault().message};
    for (const proto::Entry& entry : scanned->manifest->entries) found.push_back(entry.path);
    return found;
  }
  // A folder with what a content cannot hold, and two files that it can.
  void make_odd_tree() const {
    make("share/t/file");
    make("share/t/sub/file");
    make("outside/secret");
    EXPECT_EQ(::mkfifo(at("share/t/sub/fifo").c_str(), 0600), 0);
    fs::create_symlink("/etc", at("share/t/absolute"));
    fs::create_symlink("../../outside", at("share/t/out"));
    make("share/t/" + part_name("film"), "half");
  }
};

using Paths = std::vector<std::string>;
const ScanRules skipping{.exclude = {}, .skip_special = true};
const ScanRules following{.exclude = {}, .skip_special = false, .links = SymlinkRule::follow};

TEST_F(ScanTest, TellsOfEverythingThatIsWrong) {
  make_odd_tree();
  const std::string message = complaint("share/t");
  for (const std::string& part :
       {std::string("for 4 of what is in it"), std::string("\"sub/fifo\" is a FIFO"),
        std::string("\"absolute\" is a symlink to \"/etc\", which leads out of the folder"),
        std::string("\"out\" is a symlink to \"../../outside\""),
        '"' + part_name("film") + "\" is the part of a fetch"})
    EXPECT_NE(message.find(part), std::string::npos) << part << " in " << message;
}

TEST_F(ScanTest, SkipsWhatIsSpecialAndListsIt) {
  make_odd_tree();
  const auto scanned = look("share/t", skipping);
  EXPECT_EQ(paths(scanned), (Paths{"file", "sub", "sub/file"}));
  Paths skipped;
  for (const Skipped& each : scanned->skipped) skipped.push_back(each.path);
  std::ranges::sort(skipped);
  EXPECT_EQ(skipped, (Paths{part_name("film"), "absolute", "out", "sub/fifo"}));
  EXPECT_EQ(scanned->skipped_in_all, 4U);
}

TEST_F(ScanTest, LeavesOutWhatIsExcluded) {
  make_odd_tree();
  make("share/t/deep/.git/config");
  const auto scanned =
      look("share/t", {.exclude = {".git", "out", "absolute", "sub/*", ".p2pd-*"}});
  EXPECT_EQ(paths(scanned), (Paths{"deep", "file", "sub"}));
  EXPECT_EQ(scanned->skipped_in_all, 0U);
}

TEST_F(ScanTest, RefusesSymlinksWhereItIsToldTo) {
  make("share/t/file");
  fs::create_symlink("file", at("share/t/link"));
  const ScanRules refusing{.exclude = {}, .skip_special = false, .links = SymlinkRule::refuse};
  EXPECT_NE(complaint("share/t", refusing).find("\"link\" is a symlink to \"file\";"),
            std::string::npos)
      << complaint("share/t", refusing);
}

TEST_F(ScanTest, KeepsASymlinkThatStaysInside) {
  make("share/t/a/x");
  make("share/t/f");
  fs::create_symlink("a/../f", at("share/t/l"));
  const auto scanned = look("share/t");
  ASSERT_TRUE(scanned.ok()) << scanned.fault().message;
  EXPECT_EQ(scanned->manifest->entries.back().target, "f");

  const auto opened = open("share/t");
  proto::Manifest manifest = *scanned->manifest;
  const auto found =
      find_content(*opened, at("share/t"), Layout(std::make_shared<proto::Manifest>(manifest)));
  ASSERT_TRUE(found.ok()) << found.fault().message;
  EXPECT_TRUE(found->has_value()) << "it is what was published";
}

TEST_F(ScanTest, FollowsSymlinksWithinTheShareFolders) {
  const std::string text = random_text(40'000, 1);
  make("share/elsewhere/deep/film", text);
  make("share/t/own", "own");
  fs::create_symlink("../elsewhere/deep/film", at("share/t/file"));
  fs::create_symlink(at("share/elsewhere"), at("share/t/folder"));
  auto opened = open("share/t");
  auto scanned = look("share/t", following);
  ASSERT_EQ(paths(scanned), (Paths{"file", "folder", "folder/deep", "folder/deep/film", "own"}));
  for (const proto::Entry& entry : scanned->manifest->entries)
    EXPECT_NE(entry.kind, Kind::symlink) << entry.path;
  scanned->manifest->hashes.resize(1);

  const Layout layout(scanned->manifest);
  const auto found = find_content(*opened, at("share/t"), layout, folders().get());
  ASSERT_TRUE(found.ok() && found->has_value()) << "it is known again";
  EXPECT_EQ(**found, scanned->identities);
  const ReadStore store(std::move(opened->fd), at("share/t"), layout, scanned->identities,
                        folders());
  EXPECT_TRUE(store.unchanged().ok());
  std::string read(text.size(), '?');
  const iovec whole{read.data(), read.size()};
  EXPECT_TRUE(store.read(proto::ByteOffset{text.size()}, {&whole, 1}).ok());
  EXPECT_EQ(read, text);

  fs::remove(at("share/t/folder"));
  fs::create_symlink(at("share/t"), at("share/t/folder"));
  EXPECT_FALSE(store.unchanged().ok());
}

TEST_F(ScanTest, FollowsNoSymlinkTooFar) {
  make("outside/secret");
  make("share/t/file");
  fs::create_symlink(at("outside"), at("share/t/out"));
  fs::create_symlink(at("outside/secret"), at("share/t/secret"));
  fs::create_symlink("nowhere", at("share/t/dangling"));
  fs::create_symlink(".", at("share/t/round"));
  fs::create_symlink("../t", at("share/t/back"));
  const std::string message = complaint("share/t", following);
  EXPECT_NE(message.find("for 5 of what is in it"), std::string::npos) << message;
  ScanRules rules = following;
  rules.skip_special = true;
  EXPECT_EQ(paths(look("share/t", rules)), Paths{"file"});
}

TEST_F(ScanTest, TellsWhatMayNotBeRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  make("share/t/file");
  make("share/t/locked");
  ::chmod(at("share/t/locked").c_str(), 0);
  EXPECT_NE(complaint("share/t", skipping).find("\"locked\" may not be read"), std::string::npos);
}

TEST_F(ScanTest, FindsAContentAmongOtherFiles) {
  make("share/t/a", "1");
  make("share/t/d/b", "22");
  auto scanned = look("share/t");
  const Layout layout(scanned->manifest);
  const auto found = [&] {
    const auto answer = find_content(*open("share/t"), at("share/t"), layout);
    EXPECT_TRUE(answer.ok()) << answer.fault().message;
    return answer.ok() && answer->has_value();
  };
  EXPECT_TRUE(found());
  make("share/t/more", "3");
  EXPECT_TRUE(found());
  make("share/t/d/b", "223");
  EXPECT_FALSE(found());
  fs::remove_all(at("share/t/d"));
  EXPECT_FALSE(found());
  make("share/t/d", "a file");
  EXPECT_FALSE(found());
}

TEST_F(ScanTest, KnowsWhoWrites) {
  make("share/t/a");
  make("share/t/b");
  const auto opened = open("share/t");
  const auto scanned = look("share/t");
  const Writers idle = writers_of(*opened, *scanned->manifest);
  if (idle == Writers::unknown) GTEST_SKIP() << "this file system has no leases";
  EXPECT_EQ(idle, Writers::none);
  {
    const disk::Fd reader(::open(at("share/t/b").c_str(), O_RDONLY));
    EXPECT_EQ(writers_of(*opened, *scanned->manifest), Writers::none);
    const disk::Fd writer(::open(at("share/t/b").c_str(), O_WRONLY));
    EXPECT_EQ(writers_of(*opened, *scanned->manifest), Writers::some);
  }
  EXPECT_EQ(writers_of(*opened, *scanned->manifest), Writers::none);
}

} // namespace
} // namespace p2pd::store
