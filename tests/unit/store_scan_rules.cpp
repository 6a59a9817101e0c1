#include "daemon/store/scan_rules.hpp"
#include "proto/manifest.hpp"

#include <gtest/gtest.h>
#include <set>

namespace p2pd::store {
namespace {

TEST(ScanRules, ExcludesByNameOrByPath) {
  const std::vector<std::string> globs{".git", "*.o", "build/*", "docs/draft"};
  for (const char* const path :
       {".git", "sub/.git", "a.o", "src/deep/a.o", "build/a", "build/b/c", "docs/draft"})
    EXPECT_TRUE(excludes(globs, path)) << path;
  for (const char* const path :
       {"git", ".github", "a.obj", "build", "src/build", "docs/draft2", "sub/docs/draft"})
    EXPECT_FALSE(excludes(globs, path)) << path;
  EXPECT_FALSE(excludes({}, "a"));
}

TEST(ScanRules, KnowsWhatBecomesOfSymlinks) {
  EXPECT_EQ(symlink_rule("keep"), SymlinkRule::keep);
  EXPECT_EQ(symlink_rule("follow"), SymlinkRule::follow);
  EXPECT_EQ(symlink_rule("refuse"), SymlinkRule::refuse);
  EXPECT_EQ(symlink_rule("drop"), std::nullopt);
}

TEST(ScanRules, TakesBackStepsThatStayInside) {
  const std::set<std::string> folders{"a", "a/b", "d"};
  const auto inner = [&](std::string_view path, std::string_view target) {
    const auto found =
        inner_target(path, target, [&](const std::string& step) { return folders.contains(step); });
    EXPECT_TRUE(!found || proto::safe_target(path, *found)) << path << " -> " << target;
    return found.value_or("none");
  };
  EXPECT_EQ(inner("l", "f"), "f");
  EXPECT_EQ(inner("l", "./a/./f"), "./a/./f") << "as it stands, where that is safe";
  EXPECT_EQ(inner("l", "a/../f"), "f");
  EXPECT_EQ(inner("l", "a//b/../../d/../f"), "f");
  EXPECT_EQ(inner("l", "a/.."), ".");
  EXPECT_EQ(inner("a/b/l", "../b/../f"), "../f");
  EXPECT_EQ(inner("a/b/l", "../../d/../f"), "../../f");
  EXPECT_EQ(inner("l", "a/b/../f"), "a/f");

  EXPECT_EQ(inner("l", "no/../f"), "none") << "it might be a symlink to anywhere";
  EXPECT_EQ(inner("l", "a/../../f"), "none");
  EXPECT_EQ(inner("a/l", "../../f"), "none");
  EXPECT_EQ(inner("a/l", "b/../../../a/f"), "none");
  EXPECT_EQ(inner("l", "/a/../f"), "none");
  EXPECT_EQ(inner("l", ""), "none");
}

// As the page has it: 640,000 small files whose paths have 86 bytes.
TEST(ScanRules, KnowsHowMuchOneContentHolds) {
  const proto::Entry small{proto::Entry::Kind::file, std::string(86, 'p'), 4096,
                           1'700'000'000'000'000'000, ""};
  proto::Manifest manifest;
  TreeSize size;
  for (int i = 0; i < 1000; ++i) {
    size.add(small);
    manifest.entries.push_back(small);
  }
  manifest.size = size.bytes;
  EXPECT_EQ(size.bytes, 4'096'000U);
  EXPECT_EQ(size.excess(), "");
  const std::size_t real = encode(manifest).size();
  EXPECT_LE(real, size.encoded + proto::max_manifest_head);
  EXPECT_GE(real, size.encoded);

  size = {640'000, size.encoded * 640, size.bytes * 640};
  EXPECT_EQ(size.excess(), "");
  size = {660'000, size.encoded / 640 * 660, size.bytes / 640 * 660};
  EXPECT_EQ(size.excess().find("its 660000 files and folders need a manifest of 6"), 0U)
      << size.excess();
  size = {proto::max_entries + 1, 0, 0};
  EXPECT_EQ(size.excess(), "1000001 files and folders, and 1000000 are the limit");
  size = {1, 100, proto::max_content_size + 1};
  EXPECT_EQ(size.excess(), "4398046511105 bytes, and 4398046511104 are the limit");
}

TEST(ScanRules, TellsOfOffencesAllAtOnce) {
  Offences offences;
  EXPECT_FALSE(offences.any());
  for (int i = 0; i < 12; ++i) offences.add("e" + std::to_string(i), "is a FIFO");
  EXPECT_TRUE(offences.any());
  const std::string message = offences.message("/srv/t");
  EXPECT_EQ(message.find("\"/srv/t\" cannot be published as it is, for 12 of what is in it: \"e0\" "
                         "is a FIFO; \"e1\" is a FIFO;"),
            0U)
      << message;
  EXPECT_NE(message.find("\"e9\" is a FIFO; and 2 more; leave"), std::string::npos) << message;
  EXPECT_EQ(message.find("e10"), std::string::npos) << message;
  EXPECT_NE(message.find("--skip-special"), std::string::npos) << message;
}

} // namespace
} // namespace p2pd::store
